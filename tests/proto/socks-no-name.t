# ... and so has a name that nobody knows
client data "\x05\x01\x00" "\x05\x01\x00\x03\x06a.test\x00\x50"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
	send 0 "\x05\x00"
fail 1 name "no such host"
	note step connect_failed
	send 0 "\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00"
	note gone upstream_connect_failed "no such host"
	close 0
	close 1
	over
