# bytes that are no request go as they were typed, and their connection takes no other
hold head client /held
client data "POST http://a.test/held HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nold"
	note flow http a.test 80
	note head client POST http://a.test/held HTTP/1.1
	note held client "intercept"
	note data client 3
	note end client
raw 1 client "POST /held HTTP/1.1\nContent-Length: 99\r\nBad Field : 1\r\n\r\nnew"
	note edited client "by hand"
	note head client GET / HTTP/1.1
	note data client 60
	note end client
resume 1
	note freed client "by hand"
	pause 0
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	note raw client "60 bytes as they were typed"
	note verbatim client "POST /held HTTP/1.1\nContent-Length: 99\r\nBad Field : 1\r\n\r\nnew"
	go 0
	send 1 "POST /held HTTP/1.1\nContent-Length: 99\r\nBad Field : 1\r\n\r\nnew"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	close 1
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
# one whose end can be told leaves it as it is
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET http://a.test/held HTTP/1.1
	note 2: held client "intercept"
	note 2: end client
raw 2 client "GET /other HTTP/1.1\r\nhOST:   a.test\r\n\r\n"
	note 2: edited client "by hand"
	note 2: head client GET /other HTTP/1.1
	note 2: data client 39
	note 2: end client
resume 2
	note 2: freed client "by hand"
	pause 0
	note 2: step dialing
	dial 2 a.test:80
open 2 192.0.2.1:80
	note 2: step connected
	note 2: raw client "39 bytes as they were typed"
	note 2: verbatim client "GET /other HTTP/1.1\r\nhOST:   a.test\r\n\r\n"
	go 0
	send 2 "GET /other HTTP/1.1\r\nhOST:   a.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"
	note 2: head server 200
	note 2: data server 1
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"
client data "GET http://a.test/3 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 3: flow http a.test 80
	note 3: head client GET http://a.test/3 HTTP/1.1
	note 3: end client
	send 2 "GET /3 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n3"
	note 3: head server 200
	note 3: data server 1
	note 3: end server
	note 3: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n3"
# so does one in chunks; two that are glued together do not
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 4: flow http a.test 80
	note 4: head client GET http://a.test/held HTTP/1.1
	note 4: held client "intercept"
	note 4: end client
raw 4 client "POST /4 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n0\r\n\r\n"
	note 4: edited client "by hand"
	note 4: head client POST /4 HTTP/1.1
	note 4: data client 78
	note 4: end client
resume 4
	note 4: freed client "by hand"
	pause 0
	note 4: raw client "78 bytes as they were typed"
	note 4: verbatim client "POST /4 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n0\r\n\r\n"
	go 0
	send 2 "POST /4 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n0\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n4"
	note 4: head server 200
	note 4: data server 1
	note 4: end server
	note 4: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n4"
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 5: flow http a.test 80
	note 5: head client GET http://a.test/held HTTP/1.1
	note 5: held client "intercept"
	note 5: end client
raw 5 client "GET /5 HTTP/1.1\r\nHost: a.test\r\n\r\nGET /6 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 5: edited client "by hand"
	note 5: head client GET /5 HTTP/1.1
	note 5: data client 66
	note 5: end client
# an edit takes the bytes back, and other bytes the edit
edit 5 client "GET http://a.test/5 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 5: edited client "by hand"
	note 5: head client GET http://a.test/5 HTTP/1.1
	note 5: end client
raw 5 client "GET /5 HTTP/1.1\r\nHost: a.test\r\n\r\nGET /6 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 5: edited client "by hand"
	note 5: head client GET /5 HTTP/1.1
	note 5: data client 66
	note 5: end client
resume 5
	note 5: freed client "by hand"
	pause 0
	note 5: raw client "66 bytes as they were typed"
	note 5: verbatim client "GET /5 HTTP/1.1\r\nHost: a.test\r\n\r\nGET /6 HTTP/1.1\r\nHost: a.test\r\n\r\n"
	go 0
	send 2 "GET /5 HTTP/1.1\r\nHost: a.test\r\n\r\nGET /6 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 2 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n5"
	note 5: head server 200
	note 5: data server 1
	note 5: end server
	note 5: gone mitm_http_completed ""
	close 2
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n5"
