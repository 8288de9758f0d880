size 24 80
# which flows are meant is said
g , , E
----
── Flows 9  2 selected ─────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
▌  GET        ….0.0.1:9292 /json                200   json       1.4k     1ms
▌  GET        ….0.0.1:9292 /gz                  200   json        145    <1ms
   GET        ….0.0.1:9292 /html                200   html        150    <1ms
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
   GET        ….0.0.1:9292 /evil                200   text        276    <1ms
   GET        ….0.0.1:9292 /json?page=4&q=a%20b 200   json       1.4k    <1ms
   POST       ….0.0.1:9292 /json/login          200   json       1.4k    <1ms
── 3  GET http:…0.1:9292/html ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/html
 Method          GET
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
write the selected flows to:
