size 24 80 bodies
g j j j <Tab>
:search Status
-
----
── Flows 5 of 6  !~c 204 ───────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com /v2/users…&sort=name 200   json        152    35ms
   GET        …example.com /cut.txt             200   text         99    35ms
   POST       …example.com /v2/login…xt=%2Fhome 200   json         38    35ms
   SSE        …example.com /v1/chat/completions 200   5 msgs      419   535ms
   POST       …example.com /graphql             200   json         32    35ms


── 5  …ions ── Overview  Request  Response  Messages  Answer  Timing  TLS ──────
 URL             https://llm.example.com/v1/chat/completions
 Method          POST
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          Server-sent events  text/event-stream: WHATWG HTML section 9.2
 With client     HTTP/1.1
 With server     HTTP/1.1
 Messages        ↑ 0  ↓ 5

 Sizes and times
 the list shows all but ~c 204
