# nothing passes but what is intercepted by a switch
option policy=block
option policy@b.test=intercept
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=block reason=destination_not_allowed override_rule_id=policy
	note flow http a.test 443
	note RESET server "destination_not_allowed: policy says that this is blocked"
	note head server 403
	note data server 135
	note end server
	note gone blocked "destination_not_allowed: policy says that this is blocked"
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 135\r\nConnection: close\r\n\r\n<!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n<p>soth: destination_not_allowed: policy says that this is blocked\n"
	shut 0
	close 0
	over
