# reverse: a request gets a 403
mode reverse:http://a.test:80
option policy@a.test=block
client data "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	note flow http a.test 80
	note step connect_decision action=block reason=blocked_host override_rule_id=policy@a.test
	note head client GET / HTTP/1.1
	note RESET server "blocked_host: policy@a.test says that this is blocked"
	note head server 403
	note data server 131
	note end server
	note gone blocked "blocked_host: policy@a.test says that this is blocked"
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 131\r\nConnection: close\r\n\r\n<!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n<p>soth: blocked_host: policy@a.test says that this is blocked\n"
	shut 0
	close 0
	over
