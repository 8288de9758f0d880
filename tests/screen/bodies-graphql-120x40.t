size 40 120 bodies
# the operation stands in the list, and is laid out
G <Enter> l
----
── Flows 6 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET        api.example.com      /v2/users?page=4&sort=name      200   json        152    35ms  ▂▂▂█
   14:47:20 GET        cdn.example.com      /cut.txt                        200   text         99    35ms  ▂▂▂█
   14:47:20 POST       api.example.com      /v2/login?next=%2Fhome          200   json         38    35ms  ▂▂▂█
   14:47:20 POST       shop.example.com     /order                          204                 0    35ms  ▂▂▂█
   14:47:20 SSE        llm.example.com      /v1/chat/completions            200   5 msgs      419   535ms  ██████
   14:47:20 POST       api.example.com      /graphql  query GetUser         200   json         32    35ms  ▂▂▂█









── 6  POST api.example.com/graphql ── Overview  Request  Response  Timing  TLS ─────────────────────────────────────────
 POST /graphql HTTP/1.1
 Host: api.example.com
 Content-Type: application/json

 graphql query GetUser › json 9
 query GetUser
   query GetUser($id: ID!) {
     user(id: $id) { name }
   }
 variables
   {
     "id": 42
   }







 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help         following
