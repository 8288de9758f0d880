# what is no head is a 400
client data "GET http://a.test/ HTTP/1.1\r\nHost : a.test\r\n\r\n"
	note flow http  0
	note step connect_parse_failed
	note RESET server "field 1 has no valid name (RFC 9112 section 5.1)"
	note head server 400
	note data server 130
	note end server
	note gone connect_parse_failed "field 1 has no valid name (RFC 9112 section 5.1)"
	send 0 "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 130\r\nConnection: close\r\n\r\n<!doctype html>\n<title>400 Bad Request</title>\n<h1>400 Bad Request</h1>\n<p>soth: field 1 has no valid name (RFC 9112 section 5.1)\n"
	shut 0
	close 0
	over
