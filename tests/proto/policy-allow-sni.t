# ... and is read where the ClientHello names a host that is
option allow-hosts=^a\.test
client data "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n"
	note flow tcp 192.0.2.1 443
	note step connect_received
	note step connect_decision action=tunnel reason=passthrough_unlisted override_rule_id=allow-hosts
	note step dialing
	dial 1 192.0.2.1:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x06a\x2etest"
	note step connect_decision action=intercept reason=default_intercept
	note step tls_handshake_started
	send 1 TLS
