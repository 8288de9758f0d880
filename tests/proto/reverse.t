# reverse: all goes to one server, with its name in Host
mode reverse:http://b.test:8080
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http b.test 8080
	note head client GET / HTTP/1.1
	note step dialing
	dial 1 b.test:8080
	note end client
	pause 0
open 1 192.0.2.1:8080
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: b.test:8080\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
	close 1
	close 0
	over
