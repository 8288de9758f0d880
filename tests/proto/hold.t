# a request that is held goes on when it is let go, and not before
hold head client /held
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/held HTTP/1.1
	note held client "intercept"
	note end client
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
# ... and the next one, which is not, passes as ever
client data "GET http://a.test/free HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/free HTTP/1.1
	note 2: end client
	send 1 "GET /free HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note 2: head server 200
	note 2: data server 2
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
