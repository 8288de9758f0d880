# reverse: Host may stay as it came
mode reverse:http://b.test
option keep-host-header=yes
client data "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http b.test 80
	note head client GET / HTTP/1.1
	note step dialing
	dial 1 b.test:80
	note end client
	pause 0
open 1 192.0.2.1:80
	note step connected
	go 0
	send 1 "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
end
	note gone relay_eof "soth ended"
	close 0
	close 1
	over
