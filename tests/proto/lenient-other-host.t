# what is for one host is for no other
option validate-inbound-headers@b.test=no
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
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX : y\r\n\r\n"
	note RESET server "field 2 has no valid name (RFC 9112 section 5.1); validate-inbound-headers=no mends that"
	note head server 502
	note data server 170
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 170\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: field 2 has no valid name (RFC 9112 section 5.1); validate-inbound-headers=no mends that\n"
	shut 0
	note gone mitm_http_error "field 2 has no valid name (RFC 9112 section 5.1); validate-inbound-headers=no mends that"
	close 0
	close 1
	over
