# a parent that is not there
mode upstream:http://proxy.test:3128
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 proxy.test:3128
	note end client
	pause 0
fail 1 refused "connection refused"
	note step connect_failed
	note RESET server "connection refused"
	note head server 502
	note data server 100
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 100\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: connection refused\n"
	shut 0
	note gone upstream_connect_failed "connection refused"
	go 0
	close 0
	close 1
	over
