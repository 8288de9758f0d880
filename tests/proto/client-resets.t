# a client that breaks off takes its request along
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note data client 4
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf"
fail client reset "reset by peer"
	note gone relay_error "reset by peer"
	close 1
	close 0
	over
