# a switch that says intercept is stronger than a list
option ignore-hosts=test
option policy@a.test=intercept
client data "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"
	note flow tcp a.test 80
	note step connect_received
	note step connect_decision action=intercept reason=compat_override override_rule_id=policy@a.test
	note step dialing
	dial 1 a.test:80
open 1 192.0.2.1:80
	note step connected
	send 0 "HTTP/1.1 200 Connection established\r\n\r\n"
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET / HTTP/1.1
	note end client
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
