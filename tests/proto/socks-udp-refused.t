# UDP: no socket, no datagrams
client data "\x05\x01\x00" "\x05\x03\x00\x01\x00\x00\x00\x00\x00\x00"
	note flow udp  0
	note step connect_received
	note step connect_decision action=tunnel reason=default_intercept
	associate 1 
	send 0 "\x05\x00"
fail 1 other "too many open files"
	send 0 "\x05\x01\x00\x01\x00\x00\x00\x00\x00\x00"
	note gone upstream_connect_failed "too many open files"
	close 0
	close 1
	over
