size 24 80
# ... but not where the cursor is in none
:filter ~c 404 | ~m POST
f <Left> <Left> <Left> <Left> <Left> <Left> <Left> <Left>
----
── Flows 2 of 9  ~c 404 | ~m POST ──────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
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
filter: ~c 404 | ~m POST
