size 24 80
# and 0 shows all
:filter ~m GET
:sort -took
:columns time host
0
----
── Flows 9 ─────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        ….0.0.1:9292 /gz                  200   json        145    <1ms
   GET        ….0.0.1:9292 /html                200   html        150    <1ms
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
   GET        ….0.0.1:9292 /evil                200   text        276    <1ms
   GET        ….0.0.1:9292 /json?page=4&q=a%20b 200   json       1.4k    <1ms
   POST       ….0.0.1:9292 /json/login          200   json       1.4k    <1ms
 ⚠ GET        127.0.0.1:1  /                    502   html        113    <1ms
── 8  GET http://127.0.0.1:1/ ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:1/
 Method          GET
 Status          502 Bad Gateway
 Answer broken   127.0.0.1:1: Connection refused
 Closed          upstream_connect_failed: 127.0.0.1:1: Connection refused

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 0  all flows, as they came
