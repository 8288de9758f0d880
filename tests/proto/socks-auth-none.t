# ... nor one that offers nothing
option proxyauth=user:pass
client data "\x05\x01\x00"
	note flow tcp  0
	note step connect_parse_failed
	note gone connect_parse_failed "RFC 1928 section 3: the client offers no user and password (proxyauth)"
	send 0 "\x05\xff"
	close 0
	over
