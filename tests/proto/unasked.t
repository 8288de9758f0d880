# what a server says without having been asked is no answer to the next request
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
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
	note head server 200
	note data server 1
	note end server
	note gone mitm_http_completed ""
	close 1
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
client data "GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/2 HTTP/1.1
	note 2: step dialing
	dial 2 a.test:80
	note 2: end client
	pause 0
end
	note 2: gone relay_eof "soth ended"
	go 0
	close 0
	close 2
	over
