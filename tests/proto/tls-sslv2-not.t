# what begins like a hello of SSLv2 and is none passes as it is
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x80\x1c\x01\x03\x01\x00\x03\x00\x00\x00\x11\x00\x00\x2f0000000000000000"
	note data client 30
	send 1 "\x80\x1c\x01\x03\x01\x00\x03\x00\x00\x00\x11\x00\x00/0000000000000000"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
