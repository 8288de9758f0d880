# a request of HTTP/2 to a server of HTTP/1 may be typed as bytes
mode reverse:http://b.test
hold head client index
client data "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" "\x00\x00\x00\x04\x00\x00\x00\x00\x00" "\x00\x00\x0b\x01\x05\x00\x00\x00\x01" "\x82\x86\x85\x01\x06a.test"
	send 0 "\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x03\xe8\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01\x00\x00\x00\x04\x01\x00\x00\x00\x00"
	note flow http b.test 80
	note head client GET /index.html HTTP/2
	note held client "intercept"
	note end client
raw 1 client "GET /typed HTTP/1.1\r\n\r\n"
	note edited client "by hand"
	note head client GET /typed HTTP/1.1
	note data client 23
	note end client
resume 1
	note freed client "by hand"
	note step dialing
	dial 1 b.test:80
open 1 192.0.2.1:80
	note step connected
	note raw client "23 bytes as they were typed"
	note verbatim client "GET /typed HTTP/1.1\r\n\r\n"
	send 1 "GET /typed HTTP/1.1\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
	note head server 200
	note data server 1
	note end server
	note gone mitm_http_completed ""
	close 1
	send 0 "\x00\x00\x05\x01\x04\x00\x00\x00\x01\x88\x0f\r\x011\x00\x00\x01\x00\x01\x00\x00\x00\x011"
eof client
	close 0
	over
