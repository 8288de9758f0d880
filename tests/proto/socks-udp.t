# UDP: a socket for datagrams lives as long as the connection that asked for it
client data "\x05\x01\x00" "\x05\x03\x00\x01\x00\x00\x00\x00\x00\x00"
	note flow udp  0
	note step connect_received
	note step connect_decision action=tunnel reason=default_intercept
	associate 1 
	send 0 "\x05\x00"
open 1 127.0.0.1:40000
	send 0 "\x05\x00\x00\x01\x7f\x00\x00\x01\x9c@"
eof client
	note gone relay_eof "the client closed the connection"
	close 1
	close 0
	over
