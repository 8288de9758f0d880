# plain HTTP in a tunnel is read as HTTP
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "GET /in HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET /in HTTP/1.1
	note end client
	send 1 "GET /in HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nin"
	note head server 200
	note data server 2
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nin"
client data "GET /again HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: head client GET /again HTTP/1.1
	note 2: end client
	send 1 "GET /again HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 204 No Content\r\n\r\n"
	note 2: head server 204
	note 2: end server
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 204 No Content\r\n\r\n"
eof client
	close 1
	close 0
	over
