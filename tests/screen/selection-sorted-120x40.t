size 40 120
# what is selected stays so in any order; a comment is for all of it
g j , j ,
:sort -size
:comment look at these again
----
── Flows 9  by -size  2 selected ───────────────────────────────────────────────────────────────────────────────────────
      TIME     METHOD     HOST                PATH                          STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
      14:47:20 GET        127.0.0.1:9292      /json                         200   json       1.4k     1ms  ▂
      14:47:20 GET        127.0.0.1:9292      /json?page=4&q=a%20b          200   json       1.4k    <1ms  ▂
      14:47:20 POST       127.0.0.1:9292      /json/login                   200   json       1.4k    <1ms  ▂
      14:47:20 GET        127.0.0.1:9292      /evil                         200   text        276    <1ms  ▂
      14:47:20 GET        127.0.0.1:9292      /html                         200   html        150    <1ms  ▂
▌  ✎  14:47:20 GET        127.0.0.1:9292      /gz  look at these again      200   json        145    <1ms  ▂
 ⚠    14:47:20 GET        127.0.0.1:1         /  127.0.0.1:1: Connection r… 502   html        113    <1ms  ▂
▌  ✎  14:47:20 GET        127.0.0.1:9292      /404  look at these again     404                 4    <1ms  ▂
 ⚠    14:47:20 TLS        127.0.0.1:9292      the client does not trust th… fail                0    31ms  ▂▂▂






── 5  GET http://127.0.0.1:9292/evil ── Overview  Request  Response  Timing  TLS ───────────────────────────────────────
 URL             http://127.0.0.1:9292/evil
 Method          GET
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 Answer body     276 bytes
                 text/plain
 Began           14:47:20.162
 Took            567us

 Between
 Client          127.0.0.1:43120
 Through         127.0.0.1:9191
 the comment is on 2 flows
