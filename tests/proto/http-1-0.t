# a request of HTTP/1.0 is passed on as that, and the connection ends with its answer
client data "GET http://a.test/ HTTP/1.0\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.0
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	shut 0
	note gone mitm_http_completed ""
	close 0
	close 1
	over
