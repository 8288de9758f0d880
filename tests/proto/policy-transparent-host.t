# transparent: a Host field names what is ignored
mode transparent
original 192.0.2.7:80
option ignore-hosts=^a\.test:80$
start
	note flow tcp 192.0.2.7 80
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.7:80
open 1 192.0.2.7:80
	note step connected
client data "GET / HTTP/1.1\r\nAccept: x\r\nHost: a.test\r\n\r\n"
	note step connect_decision action=tunnel reason=ignored_host override_rule_id=ignore-hosts:1
	note data client 43
	send 1 "GET / HTTP/1.1\r\nAccept: x\r\nHost: a.test\r\n\r\n"
eof client
	note end client
	shut 1
eof 1
	note end server
	shut 0
	note gone relay_eof ""
	close 0
	close 1
	over
