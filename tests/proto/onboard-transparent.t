# who has looked mitm.it up comes to soth by its Host, though its server is not there
mode transparent
original 192.0.2.1:80
fail 1 refused "192.0.2.1:80: connection refused"
	note flow tcp 192.0.2.1 80
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.1:80
	note step connect_failed
	close 1
client data "HEAD / HTTP/1.1\r\nHost: mitm.it\r\n\r\n"
	note flow http mitm.it 80
	note head client HEAD / HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 200
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2372\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\n"
