# a ClientHello that does not come to an end in time
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x03"
tick 31
	note step tls_handshake_failed tls_failure_reason=timeout source_confidence=inferred
	note gone tls_handshake_failed "the connection to the client failed before its ClientHello was answered: its ClientHello did not come to an end in time"
	close 0
	close 1
	over
