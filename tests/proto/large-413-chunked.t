# ... or once it is known to be
option body-size-limit=1
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note data client 1
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
client data "1\r\nb\r\n0\r\n\r\n"
	close 1
	note RESET server "the request's body is longer than body-size-limit"
	note head server 413
	note data server 143
	note end server
	note gone mitm_http_error "the request's body is longer than body-size-limit"
	send 0 "HTTP/1.1 413 Content Too Large\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 143\r\nConnection: close\r\n\r\n<!doctype html>\n<title>413 Content Too Large</title>\n<h1>413 Content Too Large</h1>\n<p>soth: the request's body is longer than body-size-limit\n"
	shut 0
	close 0
	over
