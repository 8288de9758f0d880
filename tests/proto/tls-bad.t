# what begins like TLS and is another message of a handshake
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00\x04\x02\x00\x00\x00"
	note step tls_handshake_failed tls_failure_reason=handshake source_confidence=authoritative
	note gone tls_handshake_failed "the client's ClientHello cannot be read: it is another message of a handshake"
	close 1
	send 0 "\x15\x03\x03\x00\x02\x02\n"
	close 0
	over
