# ... and one that ends within its body
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note data client 4
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf"
eof client
	note RESET client "the connection ended inside a message (RFC 9112 section 8)"
	close 1
	note RESET server "the connection ended inside a message (RFC 9112 section 8)"
	note head server 400
	note data server 140
	note end server
	note gone mitm_http_error "the connection ended inside a message (RFC 9112 section 8)"
	send 0 "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 140\r\nConnection: close\r\n\r\n<!doctype html>\n<title>400 Bad Request</title>\n<h1>400 Bad Request</h1>\n<p>soth: the connection ended inside a message (RFC 9112 section 8)\n"
	shut 0
	close 0
	over
