# another one is nobody's
hold file client a.test
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	read 1 a.test
	note end client
read 7 "hello"
