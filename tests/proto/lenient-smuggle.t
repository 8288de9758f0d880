# what two readers could read in two ways goes nowhere all the same
option validate-inbound-headers=no
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\nX: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	note flow http  0
	note step connect_parse_failed
	note RESET server "field 3 is folded over lines (RFC 9112 section 5.2)"
	note head server 400
	note data server 133
	note end server
	note gone connect_parse_failed "field 3 is folded over lines (RFC 9112 section 5.2)"
	send 0 "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 133\r\nConnection: close\r\n\r\n<!doctype html>\n<title>400 Bad Request</title>\n<h1>400 Bad Request</h1>\n<p>soth: field 3 is folded over lines (RFC 9112 section 5.2)\n"
	shut 0
	close 0
	over
