# the next request is held, and no other
client data "GET http://a.test/1 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/1 HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
next 1
client data "GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/2 HTTP/1.1
	note 2: held client "intercept"
	note 2: end client
resume 0
	note 2: freed client "by hand"
	pause 0
	go 0
	send 1 "GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note 2: head server 200
	note 2: data server 2
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
client data "GET http://a.test/3 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 3: flow http a.test 80
	note 3: head client GET http://a.test/3 HTTP/1.1
	note 3: end client
	send 1 "GET /3 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note 3: head server 200
	note 3: data server 2
	note 3: end server
	note 3: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
