size 24 80 bodies
# none of the choices
g + z
----
── Flows 6 ─────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com /v2/users…&sort=name 200   json        152    35ms
   GET        …example.com /cut.txt             200   text         99    35ms
   POST       …example.com /v2/login…xt=%2Fhome 200   json         38    35ms
   POST       …example.com /order               204                 0    35ms
   SSE        …example.com /v1/chat/completions 200   5 msgs      419   535ms
   POST       …example.com /graphql             200   json         32    35ms

── 1  GET api.e…e=4&sort=name ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v2/users?page=4&sort=name
 Method          GET
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 z is none of the choices
