# what is soth itself is answered, whatever the policy says
option allow-hosts=^example\.com:
option block-hosts=soth
client data "CONNECT soth.internal:80 HTTP/1.1\r\nHost: soth.internal:80\r\n\r\n"
	note flow tcp soth.internal 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "HEAD / HTTP/1.1\r\nHost: soth.internal\r\n\r\n"
	note flow http soth.internal 80
	note head client HEAD / HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 200
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2372\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\n"
