# a head over the limit is a 431
option head-size-limit=200
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nA: " "a"*200 "\r\n\r\n"
	note flow http  0
	note step connect_parse_failed
	note RESET server "the head is longer than 200 bytes"
	note head server 431
	note data server 155
	note end server
	note gone connect_parse_failed "the head is longer than 200 bytes"
	send 0 "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 155\r\nConnection: close\r\n\r\n<!doctype html>\n<title>431 Request Header Fields Too Large</title>\n<h1>431 Request Header Fields Too Large</h1>\n<p>soth: the head is longer than 200 bytes\n"
	shut 0
	close 0
	over
