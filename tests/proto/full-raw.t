# ... in a tunnel, either side
client data "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n"
	note flow tcp a.test 22
	note step connect_received
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 a.test:22
open 1 192.0.2.1:22
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
data 1 "hello"
	note data server 5
	send 0 "hello"
full client
	pause 1
full 1
	pause 0
drained 1
	go 0
drained client
	go 1
client data "\x01"
	note data client 1
	send 1 "\x01"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
