# whose a client is, is told once a connection, behind what it asks first
process curl
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note step process name=curl
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
client data "GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/2 HTTP/1.1
	note 2: end client
	send 1 "GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note 2: head server 200
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
	close 1
	close 0
	over
