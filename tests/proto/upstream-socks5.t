# a SOCKS5 parent is asked for each connection
mode upstream:socks5://proxy.test
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 proxy.test:1080
	note end client
	pause 0
open 1 192.0.2.3:1080
	note step connected
	send 1 "\x05\x01\x00"
data 1 "\x05\x00"
	send 1 "\x05\x01\x00\x03\x06a.test\x00P"
data 1 "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
	note step upstream_proxy proxy=proxy.test:1080
	go 0
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
