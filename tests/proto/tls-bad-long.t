# a ClientHello that says it is longer than any
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x01\x00\x01\x01\x00\x00\x03\x03"
	note step tls_handshake_failed tls_failure_reason=handshake source_confidence=authoritative
	note gone tls_handshake_failed "the client's ClientHello cannot be read: it is longer than 65536 bytes"
	close 1
	send 0 "\x15\x03\x03\x00\x02\x022"
	close 0
	over
