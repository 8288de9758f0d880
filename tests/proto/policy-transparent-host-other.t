# transparent: a Host field that no list is about changes nothing
mode transparent
original 192.0.2.7:80
option block-hosts=^b\.test:80$
start
	note flow tcp 192.0.2.7 80
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 192.0.2.7:80
open 1 192.0.2.7:80
	note step connected
client data "GET / HTTP/1.1\r\nAccept: x\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET / HTTP/1.1
	note end client
	send 1 "GET / HTTP/1.1\r\nAccept: x\r\nHost: a.test\r\n\r\n"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
