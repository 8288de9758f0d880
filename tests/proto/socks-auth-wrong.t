# ... and lets nobody in without
option proxyauth=user:pass
client data "\x05\x02\x00\x02" "\x01\x04user\x04nope"
	note flow tcp  0
	note step connect_parse_failed
	note gone connect_parse_failed "RFC 1929 section 2: user and password are not those of proxyauth"
	send 0 "\x05\x02\x01\x01"
	close 0
	over
