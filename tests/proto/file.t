# a request waits until the file that answers it is read
hold file client a.test
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	read 1 a.test
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
