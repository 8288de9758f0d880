# a switch for one program alone: its connections are tunnelled
process curl
option policy@curl/*=tunnel
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"
	note flow tcp a.test 80
	note step process name=curl
	note step connect_received
	note step connect_decision action=tunnel reason=compat_override_force_tunnel override_rule_id=policy@curl/*
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
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
