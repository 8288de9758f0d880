# with rawtcp off what is not HTTP is closed
option rawtcp=no
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
	note step switch name=rawtcp what=closed what is not HTTP
	note gone blocked "rawtcp is off, and this is not HTTP"
	close 0
	close 1
	over
