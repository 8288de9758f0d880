# SOCKS5 in its own mode, by address, with bytes inside
mode socks5
client data "\x05\x01\x00"
	send 0 "\x05\x00"
client data "\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x16"
	note flow tcp 192.0.2.1 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.1:22
open 1 192.0.2.1:22
	note step connected
	send 0 "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
data 1 "hello"
	note data server 5
	send 0 "hello"
client data "\x01\x02\x03"
	note data client 3
	send 1 "\x01\x02\x03"
eof 1
	note end server
	shut 0
eof client
	note end client
	shut 1
	note gone relay_eof ""
	close 1
	close 0
	over
