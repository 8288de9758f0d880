size 24 80 polls
# to one of many by its number
Z
:flow 12
----
── Flows 53  folded into 8 ─────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com▸/v1/jobs/17  ×37     200   14:47:53     14    35ms
   GET        …example.com /v1/account?at=0     200   json         14    35ms
   GET        …example.com▸/v1/jobs/17  ×4      200   14:47:58     14    35ms
   GET        …example.com▸/v1/jobs/17  ×2      503   14:48:00     14    35ms
   GET        …example.com▸/v1/job…ment/log  ×5 200   14:48:05     14    35ms
   GET        …example.com▸/v1/account  ×2      200   14:48:06     14    35ms
 ↓ GET        …example.com /v1/account          200   json         14   12.2s
── 12  GET api.…jobs/17?at=10 ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v1/jobs/17?at=10
 Method          GET
 Status          200 Any
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
