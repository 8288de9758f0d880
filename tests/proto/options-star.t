# OPTIONS for the server as a whole (RFC 9112 section 3.2.4)
client data "OPTIONS http://a.test HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client OPTIONS http://a.test HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
	close 1
	close 0
	over
