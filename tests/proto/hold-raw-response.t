# what was typed in place of an answer is what the client gets, and where nobody can tell its end the connection ends
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
data 1 "HTTP/1.1 200 OK\r\nX-Hold: 1\r\nContent-Length: 4\r\n\r\ntold"
	note head server 200
	note held server "intercept"
	note data server 4
	note end server
raw 1 server "HTTP/1.1 200 fine\r\nContent-Length: 3\r\n\r\nnew"
	note edited server "by hand"
	note head server 200
	note data server 43
	note end server
resume 1
	note freed server "by hand"
	note raw server "43 bytes as they were typed"
	note verbatim server "HTTP/1.1 200 fine\r\nContent-Length: 3\r\n\r\nnew"
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 fine\r\nContent-Length: 3\r\n\r\nnew"
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/ HTTP/1.1
	note 2: end client
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nX-Hold: 1\r\nContent-Length: 4\r\n\r\ntold"
	note 2: head server 200
	note 2: held server "intercept"
	note 2: data server 4
	note 2: end server
raw 2 server "what is this\r\n"
	note 2: edited server "by hand"
	note 2: head server 200
	note 2: data server 14
	note 2: end server
resume 2
	note 2: freed server "by hand"
	note 2: raw server "14 bytes as they were typed"
	note 2: verbatim server "what is this\r\n"
	send 0 "what is this\r\n"
	shut 0
	note 2: gone mitm_http_completed ""
	close 0
	close 1
	over
