size 24 80
# a colour, a sign, both; a comment goes behind the path
g
:mark red
j m j j
:mark ★
j
:mark yellow !
:comment why so slow?
----
── Flows 9 ─────────────────────────────────────────────────────────────────────
      METHOD     HOST        PATH               STATUS TYPE       SIZE    TOOK
   ●  GET        …0.0.1:9292 /json              200   json       1.4k     1ms
   ●  GET        …0.0.1:9292 /gz                200   json        145    <1ms
      GET        …0.0.1:9292 /html              200   html        150    <1ms
   ★  GET        …0.0.1:9292 /404               404                 4    <1ms
   !  GET        …0.0.1:9292 /evil              200   text        276    <1ms
      GET        …0.0.1:9292 /json?pa…4&q=a%20b 200   json       1.4k    <1ms
      POST       …0.0.1:9292 /json/login        200   json       1.4k    <1ms
── 5  GET http:…0.1:9292/evil ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/evil
 Method          GET
 Status          200 OK
 Marked          yellow !
 Comment         why so slow?
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 the comment is on 1 flow
