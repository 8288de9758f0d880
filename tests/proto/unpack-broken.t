# what is no such coding breaks off
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
data 1 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n"
	note ruled server "soth: its content coding is undone, so that its messages can be held"
	note head server 200
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
data 1 "no"
	note RESET server "gzip: broken: incorrect header check"
	close 0
	note gone mitm_http_error "gzip: broken: incorrect header check"
	close 0
	close 1
	over
