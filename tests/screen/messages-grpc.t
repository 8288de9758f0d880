size 30 100 protocols
# cut where no message ends, and put together
g j j <Enter> l l l j <Space>
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
   14:48:31 GET        logs.example.com  /tail                      200   ndjson       62     5ms
 ↓ 14:48:31 H3         video.example.com passes through unread      …                  29    <1ms
 ≡ 14:48:31 UDP        9.9.9.9:53                                   –                  74    18ms
── Overview  Request  Response  Messages  Timing  TLS  2 messages  ↑ 12  ↓ 14 ──────────────────────
   14:47:20.157           ↑     12  0a 05 61 6c 69 63 65
 ▾ 14:47:20.189    +32ms  ↓     14  0a 07 61 63 63 6f 75 6e 74
     not compressed, length 9
     protobuf 9
     1: "account"










 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  ? help
