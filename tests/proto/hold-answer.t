# a held request is answered here, and the connection goes on
hold head client /held
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/held HTTP/1.1
	note held client "intercept"
	note end client
answer 1 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nours"
	note freed client "answered by hand"
	note head server 200
	note data server 4
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nours"
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/held HTTP/1.1
	note 2: held client "intercept"
	note 2: end client
kill 2
	note 2: gone blocked "broken off by hand"
	close 0
	over
