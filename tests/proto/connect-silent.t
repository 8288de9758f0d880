# a client that says nothing in its tunnel: the server may
client data "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"
	note flow tcp a.test 443
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:443
open 1 192.0.2.1:443
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
tick 31
data 1 "hello"
	note data server 5
	send 0 "hello"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
