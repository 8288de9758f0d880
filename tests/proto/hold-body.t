# where a body is asked about, a message waits until it is whole
hold body client secret
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\npub"
	note flow http a.test 80
	note head client POST http://a.test/ HTTP/1.1
	note data client 3
client data "lic"
	note data client 3
	note end client
	note step dialing
	dial 1 a.test:80
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\npublic"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
client data "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\nsec"
	note 2: flow http a.test 80
	note 2: head client POST http://a.test/ HTTP/1.1
	note 2: data client 3
client data "ret"
	note 2: data client 3
	note 2: end client
	note 2: held client "intercept"
resume 2
	note 2: freed client "by hand"
	pause 0
	go 0
	send 1 "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\nsecret"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note 2: head server 200
	note 2: data server 2
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
