size 24 80 polls
# in the order of a column, nothing is folded
Z
:sort path
----
── Flows 53  by path ───────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
 ↓ GET        …example.com /v1/account          200   json         14   12.2s
   GET        …example.com /v1/account?at=0     200   json         14    35ms
   GET        …example.com /v1/account?at=0     200   json         14    35ms
   GET        …example.com /v1/account?at=1     200   json         14    35ms
   POST       …example.com /v1/jobs             201   json         14    35ms
   GET        …example.com /v1/jobs/…t/log?at=0 200   json         14    35ms
   GET        …example.com /v1/jobs/…t/log?at=1 200   json         14    35ms
── 53  GET api.…om/v1/account ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v1/account
 Method          GET
 Status          200 Any
 Closed          not yet

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 Enter open  q close  l tab  Tab pane  ? help  ↓ live: more may come
