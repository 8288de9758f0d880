# ... and one whose server is being called
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:22
kill 1
	note gone blocked "broken off by hand"
	close 0
	close 1
	over
