size 40 120
g
:mark green
j
:comment first line
j m ; l o o k <Enter>
----
── Flows 9 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
      TIME     METHOD     HOST                PATH                          STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   ●  14:47:20 GET        127.0.0.1:9292      /json                         200   json       1.4k     1ms  ▂
   ✎  14:47:20 GET        127.0.0.1:9292      /gz  first line               200   json        145    <1ms  ▂
   ●  14:47:20 GET        127.0.0.1:9292      /html  look                   200   html        150    <1ms  ▂
      14:47:20 GET        127.0.0.1:9292      /404                          404                 4    <1ms  ▂
      14:47:20 GET        127.0.0.1:9292      /evil                         200   text        276    <1ms  ▂
      14:47:20 GET        127.0.0.1:9292      /json?page=4&q=a%20b          200   json       1.4k    <1ms  ▂
      14:47:20 POST       127.0.0.1:9292      /json/login                   200   json       1.4k    <1ms  ▂
 ⚠    14:47:20 GET        127.0.0.1:1         /  127.0.0.1:1: Connection r… 502   html        113    <1ms  ▂
 ⚠    14:47:20 TLS        127.0.0.1:9292      the client does not trust th… fail                0    31ms  ▂▂▂






── 3  GET http://127.0.0.1:9292/html ── Overview  Request  Response  Timing  TLS ───────────────────────────────────────
 URL             http://127.0.0.1:9292/html
 Method          GET
 Status          200 OK
 Marked          ●
 Comment         look
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 Answer body     150 bytes
                 text/html; charset=utf-8
 Began           14:47:20.147
 Took            813us

 Between
 the comment is on 1 flow
