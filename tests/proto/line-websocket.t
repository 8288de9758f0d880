# a message that is held holds back what is behind it, and nothing of the other side
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
data 1 "\x81\x02hi\x81\x06stop 1\x81\x02yo\x81\x06stop 2"
	note MESSAGE server "hi"
	note MESSAGE server "stop 1"
	note MESSAGE server "yo"
	note MESSAGE server "stop 2"
	note held server "intercept" of 2
	send 0 "\x81\x02hi"
client data "\x81\x82\x00\x00\x00\x00ok"
	note MESSAGE client "ok"
	send 1 "\x81\x82\x00\x00\x00\x00ok"
resume 1
	note freed server "by hand" of 2
	note held server "intercept" of 4
	send 0 "\x81\x06stop 1\x81\x02yo"
say 1 server "new"
	note message server "new" of 4
drop 1 server
	note dropped server "by hand" of 4
data 1 "\x01\x03sto\x89\x01p\x80\x01p\x82\x01z"
	note FRAME server ""
	note MESSAGE server "p"
	note FRAME server ""
	note MESSAGE server "stop"
	note MESSAGE server "z"
	note held server "intercept" of 5
say 1 server "all of it"
	note message server "all of it" of 5
resume 1
	note freed server "by hand" of 5
	send 0 "\x81\x09all of it\x82\x01z"
data 1 "\x88\x02\x03\xe8"
	note MESSAGE server "\x03\xe8"
	send 0 "\x88\x02\x03\xe8"
client data "\x88\x82\x00\x00\x00\x00\x03\xe8"
	note MESSAGE client "\x03\xe8"
	send 1 "\x88\x82\x00\x00\x00\x00\x03\xe8"
eof 1
	note end server
	shut 0
eof client
	note end client
	shut 1
	note gone websocket_completed ""
	close 1
	close 0
	over
