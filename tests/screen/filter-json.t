size 24 80 bodies
# by what is in the JSON
f ~ j s o n <Space> $ . d a t a . u s e r . n a m e = A d a
----
── Flows 1 of 6  ~json $.data.user.name=Ada ────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   POST       …example.com /graphql             200   json         32    35ms






── 6  POST api.…e.com/graphql ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/graphql
 Method          POST
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    88 bytes
filter: ~json $.data.user.name=Ada   a value in JSON: $.user.id=42, $.items[*].p
