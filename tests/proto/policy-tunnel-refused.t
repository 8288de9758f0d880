# a server of it that cannot be had is told as ever
option policy@*.test=tunnel
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=tunnel reason=compat_override_force_tunnel override_rule_id=policy@*.test
	note step dialing
	dial 1 a.test:443
fail 1 refused "no"
	note step connect_failed
	note flow http a.test 443
	note RESET server "no"
	note head server 502
	note data server 84
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 84\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: no\n"
	shut 0
	note gone upstream_connect_failed "no"
	close 0
	close 1
	over
