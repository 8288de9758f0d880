# an event is made of a text, or is the lines of one; it goes behind the one that is under way
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
data 1 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nda"
	note head server 200
	note data server 2
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nda"
inject 1 server "two\nlines"
data 1 "ta: one\n\n"
	note data server 9
	note MARK server 11
	note injected server "by hand" of 2
	note data server 23
	note MARK server 23
	send 0 "ta: one\n\ndata: two\ndata: lines\n\n"
inject 1 server "event: x\nid: 7\ndata: y\n"
	note injected server "by hand" of 3
	note data server 24
	note MARK server 24
	send 0 "event: x\nid: 7\ndata: y\n\n"
inject 1 client "nobody listens"
eof 1
	note end server
	shut 0
	note gone mitm_http_completed ""
	close 0
	close 1
	over
