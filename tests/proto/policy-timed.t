# what a person said for a minute holds that long
temporary block 1 *.test
tick 59
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=block reason=blocked_host override_rule_id=temporary:1
	note flow http a.test 443
	note RESET server "blocked_host: temporary:1 says that this is blocked"
	note head server 403
	note data server 129
	note end server
	note gone blocked "blocked_host: temporary:1 says that this is blocked"
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 129\r\nConnection: close\r\n\r\n<!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n<p>soth: blocked_host: temporary:1 says that this is blocked\n"
	shut 0
	close 0
	over
