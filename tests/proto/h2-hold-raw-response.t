# a client of HTTP/2 gets no bytes that were typed
mode reverse:http://b.test
hold head server 200
client data "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" "\x00\x00\x00\x04\x00\x00\x00\x00\x00" "\x00\x00\x0b\x01\x05\x00\x00\x00\x01" "\x82\x86\x85\x01\x06a.test"
	send 0 "\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x03\xe8\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01\x00\x00\x00\x04\x01\x00\x00\x00\x00"
	note flow http b.test 80
	note head client GET /index.html HTTP/2
	note step dialing
	dial 1 b.test:80
	note end client
open 1 192.0.2.1:80
	note step connected
	send 1 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01"
data 1 "HTTP/1.1 400 Bad\r\nContent-Length: 1\r\n\r\n1"
	close 1
	note step dialing
	dial 2 b.test:80
	close 1
open 2 192.0.2.1:80
	note step connected
	send 2 "GET /index.html HTTP/1.1\r\nhost: b.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
	note head server 200
	note held server "intercept"
	note data server 1
	note end server
raw 1 server "HTTP/1.1 200 OK\r\n\r\n"
	note held server "not edited: the client speaks HTTP/2: its fields are typed, not bytes"
resume 1
	note freed server "by hand"
	note gone mitm_http_completed ""
	send 0 "\x00\x00\x05\x01\x04\x00\x00\x00\x01\x88\x0f\r\x011\x00\x00\x01\x00\x01\x00\x00\x00\x011"
eof client
	close 2
	close 0
	over
