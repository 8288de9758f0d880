# a parent that does not answer has as long as a server
mode upstream:http://proxy.test:3128
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 proxy.test:3128
open 1 192.0.2.3:3128
	note step connected
	send 1 "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
tick 11
	note step connect_failed
	note flow http a.test 443
	note RESET server "the parent proxy did not answer in time"
	note head server 504
	note data server 129
	note end server
	send 0 "HTTP/1.1 504 Gateway Timeout\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 129\r\nConnection: close\r\n\r\n<!doctype html>\n<title>504 Gateway Timeout</title>\n<h1>504 Gateway Timeout</h1>\n<p>soth: the parent proxy did not answer in time\n"
	shut 0
	note gone upstream_connect_failed "the parent proxy did not answer in time"
	close 0
	close 1
	over
