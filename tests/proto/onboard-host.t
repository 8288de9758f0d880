# onboarding-host names who it is, and nobody else is
option onboarding-host=proxy.test
client data "HEAD http://proxy.test/ HTTP/1.1\r\nHost: proxy.test\r\n\r\n"
	note flow http proxy.test 80
	note head client HEAD http://proxy.test/ HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 200
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2372\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\n"
client data "GET http://soth.internal/ HTTP/1.1\r\nHost: soth.internal\r\n\r\n"
	note 2: flow http soth.internal 80
	note 2: head client GET http://soth.internal/ HTTP/1.1
	note 2: step dialing
	dial 1 soth.internal:80
	note 2: end client
	pause 0
