# a name that is blocked is only in the ClientHello: an alert, and the end
option block-hosts=a\.test
client data "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n"
	note flow tcp 192.0.2.1 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.1:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x06a\x2etest"
	note step connect_decision action=block reason=blocked_host override_rule_id=block-hosts:1
	note gone blocked "blocked_host: block-hosts:1 says that this is blocked"
	close 1
	send 0 "\x15\x03\x03\x00\x02\x021"
	close 0
	over
