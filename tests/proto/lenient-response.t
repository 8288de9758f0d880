# ... and a careless server's answer, where that is for its host
option validate-inbound-headers@a.test=no
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX : y\r\n\r\n1 \r\nh\r\n0\r\n\r\n"
	note head server 200
	note FAULT server "white space between X and its colon (RFC 9112 section 5.1): mended"
	note FAULT server "white space behind a chunk's size (RFC 9112 section 7.1): mended"
	note data server 1
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n1\r\nh\r\n0\r\n\r\n"
