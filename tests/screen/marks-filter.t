size 24 80
# a mark that comes or goes is seen by the filter
:filter ~m GET !~q
g
:mark blue
j j m
:filter ~marked
G m
----
── Flows 1 of 9  ~marked ───────────────────────────────────────────────────────
      METHOD     HOST        PATH               STATUS TYPE       SIZE    TOOK
   ●  GET        …0.0.1:9292 /json              200   json       1.4k     1ms






── 1  GET http:…0.1:9292/json ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/json
 Method          GET
 Status          200 OK
 Marked          blue
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 no mark on 1 flow
