# a tunnel by way of a SOCKS5 parent, with its password
mode upstream:socks5://proxy.test
option upstream-auth=user:pass
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 proxy.test:1080
open 1 192.0.2.3:1080
	note step connected
	send 1 "\x05\x02\x00\x02"
data 1 "\x05\x02" "\x01\x00"
	send 1 "\x01\x04user\x04pass\x05\x01\x00\x03\x06a.test\x00\x16"
data 1 "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00" "first"
	note step upstream_proxy proxy=proxy.test:1080
	send 0 "HTTP/1.1 200 Connection established\r\n\r\nfirst"
	note data server 5
client data "\x01second"
	note data client 7
	send 1 "\x01second"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
