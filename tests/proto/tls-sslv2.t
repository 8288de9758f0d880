# a hello of SSLv2, which offers TLS 1.0
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x80\x1c\x01\x03\x01\x00\x03\x00\x00\x00\x10\x00\x00\x2f0000000000000000"
	note step tls_handshake_failed tls_failure_reason=handshake source_confidence=authoritative
	note gone tls_handshake_failed "the client's ClientHello cannot be read: it is one of SSLv2, which is no more"
	close 1
	send 0 "\x15\x03\x03\x00\x02\x02F"
	close 0
	over
