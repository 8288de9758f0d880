size 40 120 bodies
g j j <Tab> l
:search user = ada
-
----
── Flows 5 of 6  !~bq "(^|&)user=ada(@|%40)example\\.com(&|\\s*$)" ─────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET        api.example.com      /v2/users?page=4&sort=name      200   json        152    35ms  ▂▂▂█
   14:47:20 GET        cdn.example.com      /cut.txt                        200   text         99    35ms  ▂▂▂█
   14:47:20 POST       shop.example.com     /order                          204                 0    35ms  ▂▂▂█
   14:47:20 SSE        llm.example.com      /v1/chat/completions            200   5 msgs      419   535ms  ██████
   14:47:20 POST       api.example.com      /graphql  query GetUser         200   json         32    35ms  ▂▂▂█










── 4  POST shop.example.com/order ── Overview  Request  Response  Timing  TLS ──────────────────────────────────────────
 POST /order HTTP/1.1
 Host: shop.example.com
 Content-Type: application/x-protobuf

 protobuf 21
 1: 150
 2: "hello"
 3 {
   1: 1  true
   2: 2
 }
 4: ff fe 01  3 bytes








 the list shows all but ~bq "(^|&)user=ada(@|%40)example\\.com(&|\\s*$)"
