# after 101 WebSocket messages are read, and pass as they came
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
data 1 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x02hi"
	note head server 101
	send 0 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x02hi"
	note MESSAGE server "hi"
client data "\x81\x82\x00\x00\x00\x00yo"
	note MESSAGE client "yo"
	send 1 "\x81\x82\x00\x00\x00\x00yo"
client data "\x88\x80\x00\x00\x00\x00"
	note MESSAGE client ""
	send 1 "\x88\x80\x00\x00\x00\x00"
data 1 "\x88\x00"
	note MESSAGE server ""
	send 0 "\x88\x00"
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
