# ... and is asked for tunnels
mode upstream:http://proxy.test:3128
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 proxy.test:3128
open 1 192.0.2.3:3128
	note step connected
	send 1 "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\n\r\nserver first"
	note step upstream_proxy proxy=proxy.test:3128
	send 0 "HTTP/1.1 200 Connection established\r\n\r\nserver first"
	note data server 12
client data "\x01client"
	note data client 7
	send 1 "\x01client"
eof 1
	note end server
	shut 0
eof client
	note end client
	shut 1
	note gone relay_eof ""
	close 1
	close 0
	over
