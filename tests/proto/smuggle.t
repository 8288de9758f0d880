# what two readers could read in two ways goes nowhere
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	note flow http  0
	note step connect_parse_failed
	note RESET server "content-length and transfer-encoding are both there (RFC 9112 section 6.1)"
	note head server 400
	note data server 156
	note end server
	note gone connect_parse_failed "content-length and transfer-encoding are both there (RFC 9112 section 6.1)"
	send 0 "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 156\r\nConnection: close\r\n\r\n<!doctype html>\n<title>400 Bad Request</title>\n<h1>400 Bad Request</h1>\n<p>soth: content-length and transfer-encoding are both there (RFC 9112 section 6.1)\n"
	shut 0
	close 0
	over
