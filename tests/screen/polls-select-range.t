size 24 80 polls
# a stretch of lines, with all that is folded into them
Z g , j j .
----
── Flows 53  folded into 8  43 selected ────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
▌  POST       …example.com /v1/jobs             201   json         14    35ms
▌  GET        …example.com▸/v1/jobs/17  ×37     200   14:47:53     14    35ms
▌  GET        …example.com /v1/account?at=0     200   json         14    35ms
▌  GET        …example.com▸/v1/jobs/17  ×4      200   14:47:58     14    35ms
   GET        …example.com▸/v1/jobs/17  ×2      503   14:48:00     14    35ms
   GET        …example.com▸/v1/job…ment/log  ×5 200   14:48:05     14    35ms
   GET        …example.com▸/v1/account  ×2      200   14:48:06     14    35ms
── 43  GET api.…/jobs/17?at=3 ── Overview  Request  Response  Timing  TLS ──────
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
 43 flows are selected
