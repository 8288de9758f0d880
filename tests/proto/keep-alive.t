# the second request goes by the connection that the first one left
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
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
	note head server 200
	note data server 1
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
client data "GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/2 HTTP/1.1
	note 2: end client
	send 1 "GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 304 Not Modified\r\n\r\n"
	note 2: head server 304
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 304 Not Modified\r\n\r\n"
# one to another server has a connection of its own
client data "POST http://b.test:8000/3 HTTP/1.1\r\nHost: b.test:8000\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
	note 3: flow http b.test 8000
	note 3: head client POST http://b.test:8000/3 HTTP/1.1
	close 1
	note 3: step dialing
	dial 2 b.test:8000
	note 3: data client 1
	note 3: end client
	pause 0
open 2 192.0.2.2:8000
	note 3: step connected
	go 0
	send 2 "POST /3 HTTP/1.1\r\nHost: b.test:8000\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nTrailer: yes\r\n\r\n"
	note 3: head server 200
	note 3: data server 1
	note 3: TRAILER server "Trailer: yes\r\n\r\n"
	note 3: end server
	note 3: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nTrailer: yes\r\n\r\n"
eof client
	close 2
	close 0
	over
