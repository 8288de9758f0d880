# its body waits with it
hold file client a.test
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	read 1 a.test
	note data client 2
	note end client
read 1 "hello"
	note head server 200
	note data server 5
	note end server
	send 0 "HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\nhello"
	shut 0
	note gone mitm_http_completed ""
	close 0
	over
