# a body over the limit is a 413, before anything of it is sent
option body-size-limit=10
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 11\r\n\r\nhello world"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	note RESET server "the request's body is longer than body-size-limit"
	note head server 413
	note data server 143
	note end server
	note gone mitm_http_error "the request's body is longer than body-size-limit"
	send 0 "HTTP/1.1 413 Content Too Large\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 143\r\nConnection: close\r\n\r\n<!doctype html>\n<title>413 Content Too Large</title>\n<h1>413 Content Too Large</h1>\n<p>soth: the request's body is longer than body-size-limit\n"
	shut 0
	close 0
	over
