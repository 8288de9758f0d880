# the coding of events is undone where they are held one by one
hold said server stop
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
data 1 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nContent-Length: 35\r\n\r\n"
	note ruled server "soth: its content coding is undone, so that its messages can be held"
	note head server 200
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
data 1 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x49\x2c\x49\xb4\x52\x28\x2e\xc9\x2f\x50\xc8\x2c\xe1\xe2\x02\x00\x27\x6c\xa4\x1b\x0f\x00\x00\x00"
	note data server 15
	note MARK server 15
	note held server "intercept" of 1
	note end server
say 1 server "data: go\n\n"
	note message server "data: go\n\n" of 1
resume 1
	note freed server "by hand" of 1
	note gone mitm_http_completed ""
	send 0 "a\r\ndata: go\n\n\r\n0\r\n\r\n"
