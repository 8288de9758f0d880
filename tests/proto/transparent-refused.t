# transparent: a server that cannot be had is a 502 to who asks in HTTP
mode transparent
original 192.0.2.9:80
client data "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow tcp 192.0.2.9 80
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.9:80
fail 1 refused "connection refused"
	note step connect_failed
	note flow http a.test 80
	note head client GET /x HTTP/1.1
	note RESET server "connection refused"
	note head server 502
	note data server 100
	note end server
	note gone upstream_connect_failed "connection refused"
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 100\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: connection refused\n"
	shut 0
	close 0
	close 1
	over
