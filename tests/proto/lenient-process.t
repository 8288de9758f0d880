# for one program alone, what it says to the proxy too
option validate-inbound-headers@curl/*=no
process curl
client data "GET http://a.test/ HTTP/1.1\nHost: a.test\n\n"
	note flow http a.test 80
	note step process name=curl
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note FAULT client "a line ends without CR (RFC 9112 section 2.2), and 2 more: mended"
	note end client
	pause 0
