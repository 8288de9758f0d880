# the name in the ClientHello is ignored: the connection is passed on as it is
option ignore-hosts=^a\.test:443$
client data "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n"
	note flow tcp 192.0.2.1 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.1:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x06a\x2etest"
	note step connect_decision action=tunnel reason=ignored_host override_rule_id=ignore-hosts:1
	note step tunnel_hello
	note data client 67
	send 1 TLS
data 1 "\x16\x03\x03\x00\x02hi"
	note data server 7
	send 0 TLS
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
