# what is injected goes between messages, never into one; its number counts
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
inject 1 server "too early"
data 1 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	note head server 101
	send 0 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
inject 1 server "first"
	note injected server "by hand" of 1
	note MESSAGE server "first"
	send 0 "\x81\x05first"
data 1 "\x81\x02hi\x01\x03mid"
	note MESSAGE server "hi"
	note FRAME server ""
	send 0 "\x81\x02hi\x01\x03mid"
inject 1 server "waits"
inject 1 server ""
data 1 "\x89\x01p\x80\x01!"
	note MESSAGE server "p"
	note FRAME server ""
	note MESSAGE server "mid!"
	note injected server "by hand" of 4
	note MESSAGE server "waits"
	note injected server "by hand" of 5
	note MESSAGE server ""
	send 0 "\x89\x01p\x80\x01!\x81\x05waits\x81\x00"
data 1 "\x81\x02yo"
	note MESSAGE server "yo"
	send 0 "\x81\x02yo"
data 1 "\x88\x02\x03\xe8"
	note MESSAGE server "\x03\xe8"
	send 0 "\x88\x02\x03\xe8"
inject 1 server "too late"
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
