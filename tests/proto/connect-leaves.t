# a client that leaves while its server is called
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
fail client reset "reset by peer"
	note gone relay_error "reset by peer"
	close 1
	close 0
	over
