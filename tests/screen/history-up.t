size 24 80
# what was asked for before, past what stands there
:filter ~c 404
f <C-u> ~ m <Space> P O S T <Enter>
f <C-u> ~ c <Space> 2 0 0 <Enter>
f <Up>
----
── Flows 1 of 9  ~m POST ───────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   POST       ….0.0.1:9292 /json/login          200   json       1.4k    <1ms






── 7  POST http…92/json/login ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/json/login
 Method          POST
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    33 bytes
filter: ~m POST   the method
