# a proxy wants to know which server
option onboarding=no
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http  0
	note head client GET / HTTP/1.1
	note RESET server "this is a proxy: the request names no host to go to"
	note head server 400
	note data server 133
	note end server
	note gone mitm_http_error "this is a proxy: the request names no host to go to"
	send 0 "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 133\r\nConnection: close\r\n\r\n<!doctype html>\n<title>400 Bad Request</title>\n<h1>400 Bad Request</h1>\n<p>soth: this is a proxy: the request names no host to go to\n"
	shut 0
	close 0
	over
