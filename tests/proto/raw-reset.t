# bytes: a side that breaks takes the other along
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:22
open 1 192.0.2.1:22
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
data 1 "hello"
	note data server 5
	send 0 "hello"
fail 1 reset "reset by peer"
	note gone relay_error "reset by peer"
	close 0
	close 1
	over
