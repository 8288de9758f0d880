# a tunnel to soth.internal leads to soth itself
client data "CONNECT soth.internal:80 HTTP/1.1\r\nHost: soth.internal:80\r\n\r\n"
	note flow tcp soth.internal 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "POST / HTTP/1.1\r\nHost: soth.internal\r\nContent-Length: 3\r\n\r\nabc"
	note flow http soth.internal 80
	note head client POST / HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 405
	note data server 31
	note end server
	note data client 3
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 31\r\nAllow: GET, HEAD\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\nsoth answers GET and HEAD here\n"
eof client
	close 0
	over
