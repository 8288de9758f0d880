# transparent: a Host field names what is blocked
mode transparent
original 192.0.2.7:80
option block-hosts=^a\.test:80$
start
	note flow tcp 192.0.2.7 80
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.7:80
open 1 192.0.2.7:80
	note step connected
client data "GET / HTTP/1.1\r\nAccept: x\r\nHost: a.test\r\n\r\n"
	note step connect_decision action=block reason=blocked_host override_rule_id=block-hosts:1
	close 1
	note flow http a.test 80
	note head client GET / HTTP/1.1
	note RESET server "blocked_host: block-hosts:1 says that this is blocked"
	note head server 403
	note data server 131
	note end server
	note gone blocked "blocked_host: block-hosts:1 says that this is blocked"
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 131\r\nConnection: close\r\n\r\n<!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n<p>soth: blocked_host: block-hosts:1 says that this is blocked\n"
	shut 0
	close 0
	over
