# SOCKS in a tunnel of SOCKS is bytes
client data "\x05\x01\x00" "\x05\x01\x00\x03\x06a.test\x00\x50"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:80
	send 0 "\x05\x00"
open 1 192.0.2.1:80
	note step connected
	send 0 "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
client data "\x05\x01\x00"
	note data client 3
	send 1 "\x05\x01\x00"
data 1 "\x05\x00"
	note data server 2
	send 0 "\x05\x00"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
