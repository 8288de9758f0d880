# behind a server's name the client is that host's
mode reverse:http://b.test
option validate-inbound-headers@b.test=no
client data "GET / HTTP/1.1\nHost: b.test\n\n"
	note flow http b.test 80
	note head client GET / HTTP/1.1
	note step dialing
	dial 1 b.test:80
	note FAULT client "a line ends without CR (RFC 9112 section 2.2), and 2 more: mended"
	note end client
	pause 0
