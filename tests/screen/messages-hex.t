size 24 100 protocols
# m reads an opened message as something else
g j j j j <Enter> l l l <Space>
:decoder hex
----
── Flows 11 ────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST              PATH                       STATUS TYPE       SIZE    TOOK
   14:47:20 GET     h2 api.example.com   /v2/users?page=4           404   json         24    41ms
   14:47:20 GET     h2 cdn.example.com   /app/assets/bundle.min.js  200   js           21    12ms
   14:47:20 GRPC    h2 api.example.com   /pkg.Users/List            7     grpc         14    88ms
 ↓ 14:47:20 GRPC    h2 api.example.com   /pkg.Prices/Watch          200   12 msgs      69   59.8s
   14:47:23 WS         api.example.com   /socket                    101   7 msgs      218   1m 7s
 ⚠ 14:48:31 WS         …example.org:8088 /chat/rooms/lobby          101   2 msgs      120    25ms
 ↓ 14:48:31 SSE        llm.example.com   /v1/messages               200   3 msgs      258    <1ms
── Overview  Request  Response  Messages  Timing  TLS  7 messages  ↑ 78  ↓ 140 ─────────────────────
 ▾ 14:47:23.267           ↑     37  {"op":"subscribe","channel":"prices"}
     text, 37 bytes, masked
     hex 37
     00000000  7b 22 6f 70 22 3a 22 73  75 62 73 63 72 69 62 65  {"op":"subscribe
     00000010  22 2c 22 63 68 61 6e 6e  65 6c 22 3a 22 70 72 69  ","channel":"pri
     00000020  63 65 73 22 7d                                    ces"}
   14:47:23.294    +27ms  ↓     22  {"op": "ack", "id": 1}
   14:47:25.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of": ["ACME", null], "…
   14:47:27.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of": ["ACME", null], "…
   14:47:29.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of": ["ACME", null], "…
   14:47:29.295     +1ms  ↑     13  ping are you there
   14:47:29.299     +4ms  ↓     13  pong are you there
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  ? help
