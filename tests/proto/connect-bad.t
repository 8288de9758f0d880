# a CONNECT without a port is a 400
client data "CONNECT a.test HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 0
	note head client CONNECT a.test HTTP/1.1
	note RESET server "CONNECT wants host:port (RFC 9112 section 3.2.3)"
	note head server 400
	note data server 130
	note end server
	note gone mitm_http_error "CONNECT wants host:port (RFC 9112 section 3.2.3)"
	send 0 "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 130\r\nConnection: close\r\n\r\n<!doctype html>\n<title>400 Bad Request</title>\n<h1>400 Bad Request</h1>\n<p>soth: CONNECT wants host:port (RFC 9112 section 3.2.3)\n"
	shut 0
	close 0
	over
