size 40 120 bodies
# the chain over a body: transfer, content coding, decoder
g <Enter> l l
----
── Flows 6 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET        api.example.com      /v2/users?page=4&sort=name      200   json        152    35ms  ▂▂▂█
   14:47:20 GET        cdn.example.com      /cut.txt                        200   text         99    35ms  ▂▂▂█
   14:47:20 POST       api.example.com      /v2/login?next=%2Fhome          200   json         38    35ms  ▂▂▂█
   14:47:20 POST       shop.example.com     /order                          204                 0    35ms  ▂▂▂█
   14:47:20 SSE        llm.example.com      /v1/chat/completions            200   5 msgs      419   535ms  ██████
   14:47:20 POST       api.example.com      /graphql  query GetUser         200   json         32    35ms  ▂▂▂█









── 1  GET api.example.com/v2/users?page=4&sort=name ── Overview  Request  Response  Timing  TLS ────────────────────────
 HTTP/1.1 200 OK
 Content-Type: application/json
 Content-Encoding: gzip
 Transfer-Encoding: chunked

 chunked 152 › gzip 152 › json 903
 [
   {
     "id": 4711,
     "name": "user 0",
     "tags": [
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4712,
     "name": "user 1",
     "tags": [
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help
