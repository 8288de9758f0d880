# transparent: a server that speaks first
mode transparent
original [2001:db8::9]:25
open 1 [2001:db8::9]:25
	note flow tcp 2001:db8::9 25
	note step connect_decision action=intercept reason=default_intercept
	note step dialing
	dial 1 [2001:db8::9]:25
	note step connected
data 1 "220 mail\r\n"
	note data server 10
	send 0 "220 mail\r\n"
client data "HELO x\r\n"
	note data client 8
	send 1 "HELO x\r\n"
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
