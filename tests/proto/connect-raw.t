# what is not HTTP passes a tunnel as bytes, and each side may end by itself
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:22
open 1 192.0.2.1:22
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x00\x01 not HTTP"
	note data client 11
	send 1 "\x00\x01 not HTTP"
data 1 "\x00\x02 nor this"
	note data server 11
	send 0 "\x00\x02 nor this"
eof client
	note end client
	shut 1
data 1 "more"
	note data server 4
	send 0 "more"
eof 1
	note end server
	shut 0
	note gone relay_eof ""
	close 0
	close 1
	over
