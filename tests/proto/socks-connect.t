# SOCKS5: the answer comes when the server is there
client data "\x05\x01\x00" "\x05\x01\x00\x03\x06a.test\x00\x50"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
	send 0 "\x05\x00"
open 1 192.0.2.1:80
	note step connected
	send 0 "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET / HTTP/1.1
	note end client
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
	close 1
	close 0
	over
