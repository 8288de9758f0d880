# soth answers for soth.internal itself, and calls nobody
client data "GET http://soth.internal/?a HTTP/1.1\r\nHost: soth.internal\r\n\r\n"
	note flow http soth.internal 80
	note head client GET http://soth.internal/?a HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 200
	note data server 2372
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2372\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: defaul"... 2598
client data "GET http://SOTH.internal.:80/cert/none HTTP/1.1\r\nHost: soth.internal\r\n\r\n"
	note 2: flow http SOTH.internal. 80
	note 2: head client GET http://SOTH.internal.:80/cert/none HTTP/1.1
	note 2: step onboarding what=soth answered this itself: no server was asked
	note 2: head server 404
	note 2: data server 57
	note 2: end server
	note 2: end client
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 57\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n\r\nsoth has nothing by that name here: / says what there is\n"
