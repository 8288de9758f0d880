# a server that is soth itself is a 508
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
fail 1 loop "that is soth itself"
	note step connect_failed
	note RESET server "that is soth itself"
	note head server 508
	note data server 105
	note end server
	send 0 "HTTP/1.1 508 Loop Detected\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 105\r\nConnection: close\r\n\r\n<!doctype html>\n<title>508 Loop Detected</title>\n<h1>508 Loop Detected</h1>\n<p>soth: that is soth itself\n"
	shut 0
	note gone upstream_connect_failed "that is soth itself"
	go 0
	close 0
	close 1
	over
