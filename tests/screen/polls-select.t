size 24 80 polls
# of a line of many, all; and again, none of them
Z g j , j , j j , k ,
----
── Flows 53  folded into 8  41 selected ────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
▌  GET        …example.com▸/v1/jobs/17  ×37     200   14:47:53     14    35ms
   GET        …example.com /v1/account?at=0     200   json         14    35ms
▌  GET        …example.com▸/v1/jobs/17  ×4      200   14:47:58     14    35ms
   GET        …example.com▸/v1/jobs/17  ×2      503   14:48:00     14    35ms
   GET        …example.com▸/v1/job…ment/log  ×5 200   14:48:05     14    35ms
   GET        …example.com▸/v1/account  ×2      200   14:48:06     14    35ms
 ↓ GET        …example.com /v1/account          200   json         14   12.2s
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
 41 flows are selected
