# onboarding-host names who it is, and nobody else is
option onboarding-host=,proxy.test, other.test,
client data "HEAD http://proxy.test/ HTTP/1.1\r\nHost: proxy.test\r\n\r\n"
	note flow http proxy.test 80
	note head client HEAD http://proxy.test/ HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 200
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2372\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\n"
client data "HEAD http://other.test/x HTTP/1.1\r\nHost: other.test\r\n\r\n"
	note 2: flow http other.test 80
	note 2: head client HEAD http://other.test/x HTTP/1.1
	note 2: step onboarding what=soth answered this itself: no server was asked
	note 2: head server 404
	note 2: end server
	note 2: end client
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 57\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\n"
client data "GET http://./ HTTP/1.1\r\nHost: .\r\n\r\n"
	note 3: flow http . 80
	note 3: head client GET http://./ HTTP/1.1
	note 3: step dialing
	dial 1 .:80
	note 3: end client
	pause 0
