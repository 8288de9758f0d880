size 40 120 polls
# those that a filter brings together
Z
:filter ~u "jobs/17[?]" & ~c 200
----
── Flows 41 of 53  ~u "jobs/17[?]" & ~c 200  folded into 1 ─────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:58 GET        api.example.com     ▸/v1/jobs/17  ×41 since 14:47:20 200   json         14    35ms  ▂▂▂█














── 43  GET api.example.com/v1/jobs/17?at=3 ── Overview  Request  Response  Timing  TLS ─────────────────────────────────
 URL             https://api.example.com/v1/jobs/17?at=3
 Method          GET
 Status          200 Any
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 Answer body     14 bytes
                 application/json
 Began           14:47:58.474
 Took            35ms

 Between
 Client          127.0.0.1:50312
 Through         127.0.0.1:8080
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help        following
