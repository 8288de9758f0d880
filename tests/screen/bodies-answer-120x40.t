size 40 120 bodies
# a language model's answer, put together
g j j j j <Enter> l l l l
----
── Flows 6 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET        api.example.com      /v2/users?page=4&sort=name      200   json        152    35ms  ▂▂▂█
   14:47:20 GET        cdn.example.com      /cut.txt                        200   text         99    35ms  ▂▂▂█
   14:47:20 POST       api.example.com      /v2/login?next=%2Fhome          200   json         38    35ms  ▂▂▂█
   14:47:20 POST       shop.example.com     /order                          204                 0    35ms  ▂▂▂█
   14:47:20 SSE        llm.example.com      /v1/chat/completions            200   5 msgs      419   535ms  ██████
   14:47:20 POST       api.example.com      /graphql  query GetUser         200   json         32    35ms  ▂▂▂█









── 5  POST llm.example.com/v1/chat/completions ── Overview  Request  Response  Messages  Answer  Timing  TLS ───────────
 API             chat completions
 Model           gpt-4o
 First token     220ms after the request, the last after 320ms
 Tokens          12 in  9 out  90.0/s
 Finish          stop

 The sky is blue.
 So is the sea.












 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help
