size 24 80 bodies
# what a person chose, of a row and of a flow's data
:columns id method path status reqsize ressize header:content-type json:$[0].name
----
── Flows 6 ─────────────────────────────────────────────────────────────────────
       ID METHOD  PATH              STATUS    REQ    RES content-ty… $[0].name
        1 GET     /v2/user…ort=name 200         0    152 applicatio… user 0
        2 GET     /cut.txt          200         0     99 text/plain
        3 POST    /v2/logi…=%2Fhome 200        35     38 applicatio…
        4 POST    /order            204        21      0 applicatio…
        5 SSE     /v1/chat…pletions 200        61    419 text/event…
        6 POST    /graphql          200        88     32 applicatio…

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
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
