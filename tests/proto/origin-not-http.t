# a client that begins with what is neither HTTP, SOCKS nor TLS
client data "\x00\x01\x02\x03"
tick 31
	note flow http  0
	note RESET server "the request's head did not come in time"
	note head server 408
	note data server 129
	note end server
	send 0 "HTTP/1.1 408 Request Timeout\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 129\r\nConnection: close\r\n\r\n<!doctype html>\n<title>408 Request Timeout</title>\n<h1>408 Request Timeout</h1>\n<p>soth: the request's head did not come in time\n"
	shut 0
	note gone stream_stage_timeout "the request's head did not come in time"
	close 0
	over
