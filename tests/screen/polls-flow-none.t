size 24 80 polls
# one of many that the filter does not take
Z
:filter ~u at=3
:flow 12
----
── Flows 10 of 53  ~u at=3  folded into 2 ──────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com▸/v1/jobs/17  ×9      200   14:47:58     14    35ms
   GET        …example.com /v1/jobs/…t/log?at=3 200   json         14    35ms





── 49  GET api.…ment/log?at=3 ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v1/jobs/17/steps/deployment-of-the-stag
                 ing-environment/log?at=3
 Method          GET
 Status          200 Any
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 the filter does not take flow 12: t shows it
