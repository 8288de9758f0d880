# reverse, bytes: nobody has to speak first
mode reverse:tcp://b.test:25
open 1 192.0.2.1:25
	note flow tcp b.test 25
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 b.test:25
	note step connected
data 1 "220 mail\r\n"
	note data server 10
	send 0 "220 mail\r\n"
client data "QUIT\r\n"
	note data client 6
	send 1 "QUIT\r\n"
eof client
	note end client
	shut 1
eof 1
	note end server
	shut 0
	note gone relay_eof ""
	close 0
	close 1
	over
