# ... or is broken off
option hold-age=10
option hold-kill=yes
hold head client /held
client data "GET http://a.test/held HTTP/1.1\r\nHost: a.test\r\n\r\n"
	note flow http a.test 80
	note head client GET http://a.test/held HTTP/1.1
	note held client "intercept"
	note end client
tick 11
	note gone blocked "hold-age: it was held too long"
	close 0
	over
