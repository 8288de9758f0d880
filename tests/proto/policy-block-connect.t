# a tunnel to a host that is blocked is refused, and nobody is called
option block-hosts=other
option block-hosts=^a\.test:443$
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=block reason=blocked_host override_rule_id=block-hosts:2
	note flow http a.test 443
	note RESET server "blocked_host: block-hosts:2 says that this is blocked"
	note head server 403
	note data server 131
	note end server
	note gone blocked "blocked_host: block-hosts:2 says that this is blocked"
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 131\r\nConnection: close\r\n\r\n<!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n<p>soth: blocked_host: block-hosts:2 says that this is blocked\n"
	shut 0
	close 0
	over
