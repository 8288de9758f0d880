size 24 80 protocols
# by what is read from the flows' data: what has it, then what has none
:columns id method host resheader:content-type query:page
:sort -resheader:content-type
g
----
── Flows 11  by -resheader:content-type ────────────────────────────────────────
       ID METHOD  HOST                  content-type        page
        2 GET     cdn.example.com       text/javascript
 ↓      7 SSE     llm.example.com       text/event-stream
        8 GET     logs.example.com      application/x-ndjs…
        1 GET     api.example.com       application/json    4
 ↓      4 GRPC    api.example.com       application/grpc+p…
        3 GRPC    api.example.com       application/grpc
        5 WS      api.example.com
── 2  GET cdn.e…bundle.min.js ── Overview  Request  Response  Timing  TLS ──────
 URL             https://cdn.example.com/app/assets/bundle.min.js
 Method          GET
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/2, stream 1
 With server     HTTP/1.1
 Switch          http2=no, HTTP/1.1 alone was offered to the server

 Sizes and times
 Enter open  q close  ? help       h2 HTTP/2 with the client, HTTP/…
