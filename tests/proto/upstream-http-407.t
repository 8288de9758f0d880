# a parent that wants to know who we are
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
data 1 "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
	note step connect_failed
	note flow http a.test 443
	note RESET server "proxy.test:3128 answered 407 Proxy Authentication Required: see upstream-auth"
	note head server 502
	note data server 159
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 159\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: proxy.test:3128 answered 407 Proxy Authentication Required: see upstream-auth\n"
	shut 0
	note gone upstream_connect_failed "proxy.test:3128 answered 407 Proxy Authentication Required: see upstream-auth"
	close 0
	close 1
	over
