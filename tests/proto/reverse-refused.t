# reverse: a server that cannot be had is a 502
mode reverse:http://b.test
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http b.test 80
	note head client GET / HTTP/1.1
	note step dialing
	dial 1 b.test:80
	note end client
	pause 0
fail 1 name "no such host"
	note step connect_failed
	note RESET server "no such host"
	note head server 502
	note data server 94
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 94\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: no such host\n"
	shut 0
	note gone upstream_connect_failed "no such host"
	go 0
	close 0
	close 1
	over
