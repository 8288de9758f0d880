# that the client has left is said while its request is held
hold head client /held
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/held HTTP/1.1
	note held client "intercept"
	note end client
eof client
	note left client ""
resume 1
	note freed client "by hand"
	pause 0
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET /held HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	close 0
	close 1
	over
