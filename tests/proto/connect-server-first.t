# a server that speaks first is no HTTP server
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:22
open 1 192.0.2.1:22
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
data 1 "SSH-2.0-server\r\n"
	note data server 16
	send 0 "SSH-2.0-server\r\n"
client data "SSH-2.0-client\r\n"
	note data client 16
	send 1 "SSH-2.0-client\r\n"
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
