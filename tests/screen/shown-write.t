size 24 80
:filter ~c 404
E
----
── Flows 1 of 9  ~c 404 ────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        ….0.0.1:9292 /404                 404                 4    <1ms






── 4  GET http:….0.1:9292/404 ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/404
 Method          GET
 Status          404 Not Found
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
write the flows shown to:
