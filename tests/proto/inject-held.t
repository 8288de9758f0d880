# a message that is held does not hold back what is injected
hold said server stop
client data "GET http://a.test/ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ws HTTP/1.1
	note step dialing
	dial 1 a.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
data 1 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	note head server 101
	send 0 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
data 1 "\x81\x02hi\x81\x06stop 1\x81\x02yo\x01\x02be"
	note MESSAGE server "hi"
	note MESSAGE server "stop 1"
	note MESSAGE server "yo"
	note FRAME server ""
	note held server "intercept" of 2
	send 0 "\x81\x02hi"
inject 1 server "by hand"
data 1 "\x80\x02st"
	note FRAME server ""
	note MESSAGE server "best"
	note injected server "by hand" of 5
	note MESSAGE server "by hand"
	send 0 "\x81\x07by hand"
inject 1 server "again"
	note injected server "by hand" of 6
	note MESSAGE server "again"
	send 0 "\x81\x05again"
data 1 "\x81\x06stop 2"
	note MESSAGE server "stop 2"
resume 1
	note freed server "by hand" of 2
	note held server "intercept" of 7
	send 0 "\x81\x06stop 1\x81\x02yo\x01\x02be\x80\x02st"
resume 1
	note freed server "by hand" of 7
	send 0 "\x81\x06stop 2"
