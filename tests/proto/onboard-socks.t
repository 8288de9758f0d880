# by SOCKS likewise
mode socks5
client data "\x05\x01\x00"
	send 0 "\x05\x00"
client data "\x05\x01\x00\x03\x07mitm.it\x00\x50"
	note flow tcp mitm.it 80
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	send 0 "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
client data "HEAD /no HTTP/1.1\r\nHost: mitm.it\r\n\r\n"
	note flow http mitm.it 80
	note head client HEAD /no HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 404
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 57\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\n"
eof client
	close 0
	over
