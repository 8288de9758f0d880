# whose a client is, is told once a connection, behind what it asks first
process curl
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
open 1 192.0.2.1:80
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
client data "GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
data 1 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
eof client
