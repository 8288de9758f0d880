# reverse: a client that begins TLS gets an alert, and no server is called
mode reverse:https://a.test:443
option policy@a.test=block
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x06a\x2etest"
	note flow https a.test 443
	note step connect_decision action=block reason=blocked_host override_rule_id=policy@a.test
	note gone blocked "blocked_host: policy@a.test says that this is blocked"
	send 0 "\x15\x03\x03\x00\x02\x021"
	close 0
	over
