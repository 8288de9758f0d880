# transparent: the server is where the client was going, whatever Host says
mode transparent
original 192.0.2.9:80
client data "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow tcp 192.0.2.9 80
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.9:80
open 1 192.0.2.9:80
	note step connected
	note flow http a.test 80
	note head client GET /x HTTP/1.1
	note end client
	send 1 "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
	close 1
	close 0
	over
