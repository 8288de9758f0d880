# a parent proxy takes plain requests in absolute-form, with its credentials
mode upstream:http://proxy.test:3128
option upstream-auth=user:pass
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 proxy.test:3128
	note end client
	pause 0
open 1 192.0.2.3:3128
	note step connected
	go 0
	send 1 "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
	close 1
	close 0
	over
