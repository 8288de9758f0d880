# held too long, or too large, or too many: it passes on, and that is said
option hold-age=10
option hold-size=8
hold head client /held
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/held HTTP/1.1
	note held client "intercept"
	note end client
tick 9
tick 2
	note freed client "hold-age: it was held too long"
	pause 0
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET /held HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
client data "POST http://a.test/held HTTP/1.1\r\nHost: a.test\r\nContent-Length: 20\r\n\r\n12345678"
	note 2: flow http a.test 80
	note 2: head client POST http://a.test/held HTTP/1.1
	note 2: held client "intercept"
	note 2: data client 8
client data "9012"
	note 2: data client 4
	note 2: freed client "hold-size: the message is too large"
	pause 0
	go 0
	send 1 "POST /held HTTP/1.1\r\nHost: a.test\r\nContent-Length: 20\r\n\r\n123456789012"
client data "34567890"
	note 2: data client 8
	note 2: end client
	send 1 "34567890"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note 2: head server 200
	note 2: data server 2
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
