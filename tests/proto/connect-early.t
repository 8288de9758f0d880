# bytes that a client sends without waiting for the answer to its CONNECT are not lost
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
	note flow http a.test 80
	note head client GET / HTTP/1.1
	note end client
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
end
	close 0
	close 1
	over
