# a server that says what is no HTTP is a 502
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "SSH-2.0-server\r\n\r\n"
	note RESET server "the status line does not begin with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 4)"
	note head server 502
	note data server 159
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 159\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: the status line does not begin with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 4)\n"
	shut 0
	note gone mitm_http_error "the status line does not begin with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 4)"
	close 0
	close 1
	over
