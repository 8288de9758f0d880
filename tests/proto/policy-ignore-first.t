# ... whoever says the first word, whatever it looks like, and though rawtcp is off
option ignore-hosts=a\.test
option rawtcp=no
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=tunnel reason=ignored_host override_rule_id=ignore-hosts:1
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note data client 32
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\n\r\n"
	note data server 19
	send 0 "HTTP/1.1 200 OK\r\n\r\n"
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
