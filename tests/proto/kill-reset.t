# ... by a reset
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
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
	note head server 200
	note data server 4
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
kill 1 reset
	abort 1
	close 1
	abort 0
	note gone blocked "broken off by hand"
	close 0
	over
