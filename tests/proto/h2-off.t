# with http2 off its preface is not HTTP, and passes as bytes
option http2=no
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	note data client 33
	send 1 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
