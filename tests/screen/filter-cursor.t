size 24 80
# the cursor stays with its flow
g j j j
:filter ~c 404 | ~m POST
----
── Flows 2 of 9  ~c 404 | ~m POST ──────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
   POST       ….0.0.1:9292 /json/login          200   json       1.4k    <1ms





── 4  GET http:….0.1:9292/404 ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/404
 Method          GET
 Status          404 Not Found
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
