# after any other 101 there are bytes
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n"
data 1 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nfrom the server"
	note head server 101
	send 0 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nfrom the server"
	note data server 15
client data "from the client"
	note data client 15
	send 1 "from the client"
eof client
	note end client
	shut 1
data 1 "more"
	note data server 4
	send 0 "more"
eof 1
	note end server
	shut 0
	note gone relay_eof ""
	close 0
	close 1
	over
