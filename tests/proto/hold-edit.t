# what was written in its place goes, and where it says
hold head client /held
client data "POST http://a.test/held HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nold"
	note flow http a.test 80
	note head client POST http://a.test/held HTTP/1.1
	note held client "intercept"
	note data client 3
	note end client
edit 1 client "POST http://b.test:81/new HTTP/1.1\r\nHost: b.test:81\r\nContent-Length: 5\r\n\r\nnewer"
	note edited client "by hand"
	note head client POST http://b.test:81/new HTTP/1.1
	note data client 5
	note end client
resume 1
	note freed client "by hand"
	pause 0
	note step dialing
	dial 1 b.test:81
open 1 192.0.2.1:81
	note step connected
	go 0
	send 1 "POST /new HTTP/1.1\r\nHost: b.test:81\r\nContent-Length: 5\r\n\r\nnewer"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
