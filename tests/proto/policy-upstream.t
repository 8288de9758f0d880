# upstream: the parent is asked, and then bytes pass
mode upstream:http://p.test:3128
option ignore-hosts=a\.test
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=tunnel reason=ignored_host override_rule_id=ignore-hosts:1
	note step dialing
	dial 1 p.test:3128
open 1 192.0.2.1:3128
	note step connected
	send 1 "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\n\r\n"
	note step upstream_proxy proxy=p.test:3128
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "\x16\x03\x01\x00>\x01\x00\x00:\x03\x0300000000000000000000000000000000\x00\x00\x02\x13\x01\x01\x00\x00\x0f\x00\x00\x00\x0b\x00\x09\x00\x00\x06a\x2etest"
	note step tunnel_hello
	note data client 67
	send 1 TLS
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
