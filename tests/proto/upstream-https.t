# a parent proxy that is called by TLS, and breaks off
mode upstream:https://proxy.test
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 proxy.test:443
open 1 192.0.2.3:443
	note step connected
	note step tls_handshake_started
	send 1 TLS
fail 1 reset "reset by peer"
	note step tls_handshake_failed tls_failure_reason=eof_or_reset source_confidence=inferred
	note flow http a.test 443
	note RESET server "the connection to the parent proxy failed during the TLS handshake: reset by peer"
	note head server 502
	note data server 163
	note end server
	send 0 "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 163\r\nConnection: close\r\n\r\n<!doctype html>\n<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<p>soth: the connection to the parent proxy failed during the TLS handshake: reset by peer\n"
	shut 0
	note gone tls_handshake_failed "the connection to the parent proxy failed during the TLS handshake: reset by peer"
	close 0
	close 1
	over
