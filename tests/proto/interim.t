# 1xx pass before the answer
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
data 1 "HTTP/1.1 100 Continue\r\n\r\n"
	note head server 100
	send 0 "HTTP/1.1 100 Continue\r\n\r\n"
client data "body"
	note data client 4
	note end client
	send 1 "body"
data 1 "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 103
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
end
	close 0
	close 1
	over
