# a request to a host that is blocked is answered by soth, and the next is not
option block-hosts=a\.test
client data "GET http://b.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n"
	note flow http b.test 80
	note head client GET http://b.test/ HTTP/1.1
	note step dialing
	dial 1 b.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: b.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	note head server 200
	note end server
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note 2: flow http a.test 80
	note 2: step connect_decision action=block reason=blocked_host override_rule_id=block-hosts:1
	note 2: head client GET http://a.test/ HTTP/1.1
	note 2: RESET server "blocked_host: block-hosts:1 says that this is blocked"
	note 2: head server 403
	note 2: data server 131
	note 2: end server
	note 2: gone blocked "blocked_host: block-hosts:1 says that this is blocked"
	close 1
	send 0 "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 131\r\nConnection: close\r\n\r\n<!doctype html>\n<title>403 Forbidden</title>\n<h1>403 Forbidden</h1>\n<p>soth: blocked_host: block-hosts:1 says that this is blocked\n"
	shut 0
	close 0
	over
