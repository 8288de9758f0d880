size 40 120 polls
# folded with the cursor on one of many
g j j j j j j Z
----
── Flows 53  folded into 8 ─────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 POST       api.example.com      /v1/jobs                        201   json         14    35ms  ▂▂▂█
   14:47:53 GET        api.example.com     ▸/v1/jobs/17  ×37 since 14:47:20 200   json         14    35ms  ▂▂▂█
   14:47:54 GET        api.example.com      /v1/account?at=0                200   json         14    35ms  ▂▂▂█
   14:47:58 GET        api.example.com     ▸/v1/jobs/17  ×4 since 14:47:55  200   json         14    35ms  ▂▂▂█
   14:48:00 GET        api.example.com     ▸/v1/jobs/17  ×2 since 14:47:59  503   json         14    35ms  ▂▂▂█
   14:48:05 GET        api.example.com     ▸/v1/jobs/17/s…vironment/log  ×5 200   json         14    35ms  ▂▂▂█
   14:48:06 GET        api.example.com     ▸/v1/account  ×2 since 14:48:05  200   json         14    35ms  ▂▂▂█
 ↓ 14:48:07 GET        api.example.com      /v1/account                     200   json         14   12.2s  █████████







── 7  GET api.example.com/v1/jobs/17?at=5 ── Overview  Request  Response  Timing  TLS ──────────────────────────────────
 URL             https://api.example.com/v1/jobs/17?at=5
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
 Began           14:47:24.814
 Took            35ms

 Between
 Client          127.0.0.1:50312
 Through         127.0.0.1:8080
 what asks the same is one line: Space opens it
