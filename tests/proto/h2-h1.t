# ... and where the server knows nothing of it, HTTP/1.1 there
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" "\x00\x00\x00\x04\x00\x00\x00\x00\x00" "\x00\x00\x0b\x01\x05\x00\x00\x00\x01" "\x82\x86\x84\x01\x06a.test"
	send 0 "\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x03\xe8\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01\x00\x00\x00\x04\x01\x00\x00\x00\x00"
	note flow http a.test 80
	note head client GET / HTTP/2
	note end client
	send 1 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01"
data 1 "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
	close 1
	note step dialing
	dial 2 a.test:80
	close 1
open 2 192.0.2.1:80
	note step connected
	send 2 "GET / HTTP/1.1\r\nhost: a.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nk"
	note head server 200
	note data server 1
	note end server
	note gone mitm_http_completed ""
	send 0 "\x00\x00\x05\x01\x04\x00\x00\x00\x01\x88\x0f\r\x011\x00\x00\x01\x00\x01\x00\x00\x00\x01k"
eof client
	close 2
	close 0
	over
