# an answer that breaks off while it is held was never begun, for the client
hold head server X-Hold
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
data 1 "HTTP/1.1 200 OK\r\nX-Hold: 1\r\nContent-Length: 4\r\n\r\nto"
	note head server 200
	note held server "intercept"
	note data server 2
fail 1 reset "the peer broke off"
	note edited server "soth"
	note RESET server "the peer broke off"
	note head server 502
	note data server 100
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 100\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: the peer broke off\n"
	shut 0
	note gone mitm_http_error "the peer broke off"
	close 0
	close 1
	over
