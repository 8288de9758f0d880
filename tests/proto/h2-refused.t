# ... and where there is no server to pass them to, nobody is served
mode reverse:http://b.test
option http2=no
client data "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	note flow http b.test 80
	note step switch name=http2 what=refused HTTP/2 with prior knowledge
	note gone blocked "http2 is off, and the client speaks nothing else"
	close 0
	over
