# an answer that is held is all there, whatever becomes of its server
hold head server X-Hold
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
data 1 "HTTP/1.1 200 OK\r\nX-Hold: 1\r\nContent-Length: 4\r\n\r\nto"
	note head server 200
	note held server "intercept"
	note data server 2
data 1 "ld"
	note data server 2
	note end server
eof 1
	close 1
edit 1 server "HTTP/1.1 404 Gone\r\nContent-Length: 3\r\n\r\nnew"
	note edited server "by hand"
	note head server 404
	note data server 3
	note end server
resume 1
	note freed server "by hand"
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 404 Gone\r\nContent-Length: 3\r\n\r\nnew"
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/ HTTP/1.1
	note 2: step dialing
	dial 2 a.test:80
	note 2: end client
	pause 0
open 2 192.0.2.1:80
	note 2: step connected
	go 0
	send 2 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nX-Hold: 1\r\nConnection: close\r\n\r\nto"
	note 2: head server 200
	note 2: held server "intercept"
	note 2: data server 2
eof 2
	note 2: end server
	close 2
resume 2
	note 2: freed server "by hand"
	send 0 "HTTP/1.1 200 OK\r\nX-Hold: 1\r\nConnection: close\r\n\r\nto"
	shut 0
	note 2: gone mitm_http_completed ""
	close 0
	over
