# there is none
hold file client a.test
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	read 1 a.test
	note end client
read 1 none
	note head server 404
	note end server
	send 0 "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"
	shut 0
	note gone mitm_http_completed ""
	close 0
	over
