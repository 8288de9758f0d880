# a server that answers early and closes
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
data 1 "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
	note head server 403
	note data server 2
	note end server
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
	shut 0
eof 1
	note gone mitm_http_completed ""
	close 0
	close 1
	over
