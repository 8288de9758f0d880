# a ClientHello to soth itself that does not come to an end in time is a row
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x03"
tick 31
	note flow https  0
	note step tls_handshake_failed tls_failure_reason=timeout source_confidence=inferred
	note gone tls_handshake_failed "the connection to the client failed before its ClientHello was answered: its ClientHello did not come to an end in time"
	close 0
	over
