# where HTTP/2 is expected, a client that speaks neither version is hung up on
mode reverse:h2c://a.test:80
client data "INVALID CONNECTION PREFACE\r\n\r\n"
	note flow http a.test 80
	note step connect_parse_failed
	note gone connect_parse_failed "the request line does not end with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 2.3)"
	close 0
	over
