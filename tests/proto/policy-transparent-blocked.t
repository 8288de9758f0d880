# transparent: an address that is blocked is not called
mode transparent
original 192.0.2.7:443
option block-hosts=192\.0\.2\.7
start
	note flow tcp 192.0.2.7 443
	note step connect_decision action=block reason=blocked_host override_rule_id=block-hosts:1
	note gone blocked "blocked_host: block-hosts:1 says that this is blocked"
	close 0
	over
