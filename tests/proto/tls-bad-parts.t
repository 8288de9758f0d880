# a ClientHello whose parts are longer than it is
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x07a\x2etest"
	note step tls_handshake_failed tls_failure_reason=handshake source_confidence=authoritative
	note gone tls_handshake_failed "the client's ClientHello cannot be read: its parts do not fit into it"
	close 1
	send 0 "\x15\x03\x03\x00\x02\x022"
	close 0
	over
