# a careless client's request goes on as it should have been written
option validate-inbound-headers=no
client data "GET http://a.test/ HTTP/1.1\nHost: a.test\nA: b\n c\n\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note FAULT client "a line ends without CR (RFC 9112 section 2.2), and 5 more: mended"
	note end client
	pause 0
