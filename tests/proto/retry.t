# a kept connection that ends just then: the request goes by a new one
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
client data "GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/2 HTTP/1.1
	note 2: end client
	send 1 "GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
fail 1 reset "reset by peer"
	pause 0
	note 2: step dialing
	dial 2 a.test:80
	close 1
open 2 192.0.2.1:80
	note 2: step connected
	go 0
	send 2 "GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"
	note 2: head server 200
	note 2: data server 1
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"
eof client
	close 2
	close 0
	over
