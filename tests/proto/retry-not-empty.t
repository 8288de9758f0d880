# ... nor one without a body (RFC 9110 section 9.2.2)
client data "GET http://a.test/1 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/1 HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
	note head server 200
	note data server 1
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
client data "POST http://a.test/2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client POST http://a.test/2 HTTP/1.1
	note 2: end client
	send 1 "POST /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n"
fail 1 reset "reset by peer"
	note 2: RESET server "reset by peer"
	note 2: head server 502
	note 2: data server 95
	note 2: end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 95\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: reset by peer\n"
	shut 0
	note 2: gone mitm_http_error "reset by peer"
	close 0
	close 1
	over
