# where the server turns out to speak HTTP/1 alone nothing is sent of fields that were typed for HTTP/2
mode reverse:http://b.test
hold head client index
client data "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" "\x00\x00\x00\x04\x00\x00\x00\x00\x00" "\x00\x00\x0b\x01\x05\x00\x00\x00\x01" "\x82\x86\x85\x01\x06a.test"
	send 0 "\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x03\xe8\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01\x00\x00\x00\x04\x01\x00\x00\x00\x00"
	note flow http b.test 80
	note head client GET /index.html HTTP/2
	note held client "intercept"
	note end client
typed 1 client ":method: PUT\n\n"
	note edited client "by hand"
	note head client PUT / HTTP/2
	note data client 14
	note end client
resume 1
	note freed client "by hand"
	note step dialing
	dial 1 b.test:80
open 1 192.0.2.1:80
	note step connected
	send 1 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00\x06\x00\x01\x00\x00\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\xff\x00\x01"
data 1 "HTTP/1.1 400 Bad\r\nContent-Length: 1\r\n\r\n1"
	close 1
	note RESET server "RFC 9113 section 3.4: what answered speaks no HTTP/2"
	note head server 502
	note data server 134
	note end server
	note gone upstream_connect_failed "RFC 9113 section 3.4: what answered speaks no HTTP/2"
	close 1
	send 0 "\x00\x00\x1e\x01\x04\x00\x00\x00\x01H\x82l\x02_\x92I|\xa5\x89\xd3M\x1fj\x12q\xd8\x82\xa6\x0bS*\xcf\x7f\x0f\r\x03134\x00\x00\x86\x00\x01\x00\x00\x00\x01<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: RFC 9113 section 3.4: what answered speaks no HTTP/2\n"
eof client
	close 0
	over
