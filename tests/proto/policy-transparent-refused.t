# transparent: what is ignored and cannot be had is closed, and not answered by soth
mode transparent
original 192.0.2.7:443
option ignore-hosts=192\.0\.2\.7
start
	note flow tcp 192.0.2.7 443
	note step connect_decision action=tunnel reason=ignored_host override_rule_id=ignore-hosts:1
	note step dialing
	dial 1 192.0.2.7:443
fail 1 refused "no"
	note step connect_failed
	note gone upstream_connect_failed "no"
	close 0
	close 1
	over
