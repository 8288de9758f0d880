# ... or passes unread once its server speaks first
option allow-hosts=b\.test
client data "CONNECT a.test:25 HTTP/1.1\r\nHost: a.test:25\r\n\r\n"
	note flow tcp a.test 25
	note step connect_received
	note step connect_decision action=tunnel reason=passthrough_unlisted override_rule_id=allow-hosts
	note step dialing
	dial 1 a.test:25
open 1 192.0.2.1:25
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
data 1 "220 a.test\r\n"
	note data server 12
	send 0 "220 a.test\r\n"
eof 1
	note end server
	shut 0
eof client
	note end client
	shut 1
	note gone relay_eof ""
	close 1
	close 0
	over
