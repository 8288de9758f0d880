# what is no request stays unsent, and is said
hold head client /held
client data "POST http://a.test/held HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nol"
	note flow http a.test 80
	note head client POST http://a.test/held HTTP/1.1
	note held client "intercept"
	note data client 2
edit 1 client "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note held client "not edited: it is still coming"
client data "d"
	note data client 1
	note end client
edit 1 client "CONNECT b.test:1 HTTP/1.1\r\nHost: b.test:1\r\n\r\n"
	note held client "a request cannot become a CONNECT"
resume 1
	note freed client "by hand"
	pause 0
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "POST /held HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nold"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
