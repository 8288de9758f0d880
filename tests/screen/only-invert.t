size 24 80 bodies
# what is shown now is what it is added to
:filter ~m GET
! g - t
----
── Flows 2 of 6  !(~m GET) & !~ts "^application/json *(;|$)" ───────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   POST       …example.com /order               204                 0    35ms
   SSE        …example.com /v1/chat/completions 200   5 msgs      419   535ms





── 4  POST shop…ple.com/order ── Overview  Request  Response  Timing  TLS ──────
 URL             https://shop.example.com/order
 Method          POST
 Status          204 No Content
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    21 bytes
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
