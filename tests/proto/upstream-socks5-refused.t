# ... and may refuse it
mode upstream:socks5://proxy.test
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 proxy.test:1080
	note end client
	pause 0
open 1 192.0.2.3:1080
	note step connected
	send 1 "\x05\x01\x00"
data 1 "\x05\x00" "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"
	send 1 "\x05\x01\x00\x03\x06a.test\x00P"
	note step connect_failed
	note RESET server "proxy.test:1080 says that the server refused the connection"
	note head server 502
	note data server 141
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 141\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: proxy.test:1080 says that the server refused the connection\n"
	shut 0
	note gone upstream_connect_failed "proxy.test:1080 says that the server refused the connection"
	go 0
	close 0
	close 1
	over
