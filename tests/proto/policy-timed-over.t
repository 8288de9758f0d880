# ... and no longer
temporary block 1 *.test
tick 60
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
