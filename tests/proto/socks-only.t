# in mode socks5 HTTP is refused
mode socks5
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow tcp  0
	note step connect_parse_failed
	note gone connect_parse_failed "RFC 1928 section 3: the greeting is not of SOCKS version 5"
	close 0
	over
