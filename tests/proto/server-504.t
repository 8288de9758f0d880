# a server that cannot be reached in time is a 504
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
fail 1 timeout "no answer in 10 seconds"
	note step connect_failed
	note RESET server "no answer in 10 seconds"
	note head server 504
	note data server 113
	note end server
	send 0 "HTTP/1.1 504 Gateway Timeout\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 113\r\nConnection: close\r\n\r\n<!doctype html>\n<title>504 Gateway Timeout</title>\n<h1>504 Gateway Timeout</h1>\n<p>soth: no answer in 10 seconds\n"
	shut 0
	note gone upstream_connect_failed "no answer in 10 seconds"
	go 0
	close 0
	close 1
	over
