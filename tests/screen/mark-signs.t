size 24 80
g ' r j ' y j ' ! j ' o ' -
----
── Flows 9 ─────────────────────────────────────────────────────────────────────
      METHOD     HOST        PATH               STATUS TYPE       SIZE    TOOK
   ●  GET        …0.0.1:9292 /json              200   json       1.4k     1ms
   ●  GET        …0.0.1:9292 /gz                200   json        145    <1ms
   !  GET        …0.0.1:9292 /html              200   html        150    <1ms
      GET        …0.0.1:9292 /404               404                 4    <1ms
      GET        …0.0.1:9292 /evil              200   text        276    <1ms
      GET        …0.0.1:9292 /json?pa…4&q=a%20b 200   json       1.4k    <1ms
      POST       …0.0.1:9292 /json/login        200   json       1.4k    <1ms
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
 no mark on 1 flow
