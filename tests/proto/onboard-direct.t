# a client that takes the proxy for a server is told that it is none
client data "GET / HTTP/1.1\r\nHost: <b>\r\n\r\n"
	note flow http 127.0.0.1 8080
	note head client GET / HTTP/1.1
	note step onboarding what=soth answered this itself: no server was asked
	note head server 200
	note data server 2422
	note end server
	note end client
	note gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2422\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: defaul"... 2648
client data "GET / HTTP/1.1\r\nHost: 192.0.2.7:8080\r\nAccept: text/html,*/*\r\n\r\n"
	note 2: flow http 127.0.0.1 8080
	note 2: head client GET / HTTP/1.1
	note 2: step onboarding what=soth answered this itself: no server was asked
	note 2: head server 200
	note 2: data server 4792
	note 2: end server
	note 2: end client
	note 2: gone mitm_http_completed ""
	send 0 "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4792\r\nVary: Accept\r\nCache-Control: no-store\r\nContent-Security-Policy: default"... 5017
