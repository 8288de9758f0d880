# without the credentials of proxyauth nothing is served
option proxyauth=user:pass
client data "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/ HTTP/1.1
	note RESET server "this proxy asks for a user and a password (proxyauth)"
	note head server 407
	note data server 171
	note end server
	note gone blocked "this proxy asks for a user and a password (proxyauth)"
	send 0 "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 171\r\nProxy-Authenticate: Basic realm=\"soth\"\r\nConnection: close\r\n\r\n<!doctype html>\n<title>407 Proxy Authentication Required</title>\n<h1>407 Proxy Authentication Required</h1>\n<p>soth: this proxy asks for a user and a password (proxyauth)\n"
	shut 0
	close 0
	over
