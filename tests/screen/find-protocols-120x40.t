size 40 120 protocols
# heads, datagrams and bytes of nobody
:find example
----
── Search  example  12 hits in 10 flows ────────────────────────────────────────────────────────────────────────────────
 FLOW                                              WHERE            TEXT
 GET api.example.com/v2/users?page=4               request          host: api.example.com
 GET cdn.example.com/app/assets/bundle.min.js      request          host: cdn.example.com
 GRPC api.example.com/pkg.Users/List               request          host: api.example.com
 GRPC api.example.com/pkg.Prices/Watch             request          host: api.example.com
 WS api.example.com/socket                         request          Host: api.example.com
 WS old.example.org/chat/rooms/lobby               request          Host: old.example.org
 SSE llm.example.com/v1/messages                   request          Host: llm.example.com
 GET logs.example.com/tail                         request          Host: logs.example.com
 UDP 9.9.9.9                                       ↑ message 1      ^R4^A^@^@^A^@^@^@^@^@^@^Gexample^Ccom^@^@^A^@^A
 UDP 9.9.9.9                                       ↓ message 2      ^R4\x81\x80^@^A^@^A^@^@^@^@^Gexample^Ccom^@^@^A^@^A…
 TCP mail.example.com                              ↓ message 1      220 mail.example.com ESMTP
 TCP mail.example.com                              ↓ message 3      250-mail.example.com
























 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help        following
