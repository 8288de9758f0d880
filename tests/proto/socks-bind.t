# BIND is not served
client data "\x05\x01\x00" "\x05\x02\x00\x01\xc0\x00\x02\x01\x00\x16"
	note flow tcp 192.0.2.1 22
	note step connect_parse_failed
	note gone connect_parse_failed "RFC 1928 section 4: BIND is not served"
	send 0 "\x05\x00\x05\x07\x00\x01\x00\x00\x00\x00\x00\x00"
	close 0
	over
