size 24 80
# ... and what it takes once more
:filter ~m POST | ~c 404
t t
----
── Flows 2 of 9  ~m POST | ~c 404 ──────────────────────────────────────────────
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
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
