# a client that leaves while TLS is begun with its server
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x06a\x2etest"
	note step tls_handshake_started
	send 1 TLS
fail client reset "reset by peer"
	note step tls_handshake_failed tls_failure_reason=eof_or_reset source_confidence=inferred
	note gone tls_handshake_failed "the connection to the client failed before its ClientHello was answered: reset by peer"
	close 1
	close 0
	over
