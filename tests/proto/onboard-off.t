# without onboarding soth.internal is a host as any other
option onboarding=no
client data "GET http://soth.internal/ HTTP/1.1\r\nHost: soth.internal\r\n\r\n"
	note flow http soth.internal 80
	note head client GET http://soth.internal/ HTTP/1.1
	note step dialing
	dial 1 soth.internal:80
	note end client
	pause 0
