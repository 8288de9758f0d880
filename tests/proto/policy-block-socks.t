# SOCKS is told that it is not allowed
option policy@*.test=block
client data "\x05\x01\x00" "\x05\x01\x00\x03\x06a.test\x01\xbb"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=block reason=blocked_host override_rule_id=policy@*.test
	note gone blocked "blocked_host: policy@*.test says that this is blocked"
	send 0 "\x05\x00\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"
	close 0
	over
