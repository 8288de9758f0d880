size 24 80 polls
# each on its own again: the cursor stays with its flow
Z g j <Space> k k k <Space> Z
----
── Flows 53 ────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com /v1/jobs/17?at=33    200   json         14    35ms
   GET        …example.com /v1/jobs/17?at=34    200   json         14    35ms
   GET        …example.com /v1/jobs/17?at=35    200   json         14    35ms
   GET        …example.com /v1/jobs/17?at=36    200   json         14    35ms
   GET        …example.com /v1/account?at=0     200   json         14    35ms
   GET        …example.com /v1/jobs/17?at=0     200   json         14    35ms
   GET        …example.com /v1/jobs/17?at=1     200   json         14    35ms
── 35  GET api.…jobs/17?at=33 ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v1/jobs/17?at=33
 Method          GET
 Status          200 Any
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 each flow has its line
