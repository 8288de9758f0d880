size 40 120 protocols
g j j j j j
----
── Flows 11 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET     h2 api.example.com      /v2/users?page=4                404   json         24    41ms  ▂▂▂▂
   14:47:20 GET     h2 cdn.example.com      /app/assets/bundle.min.js       200   js           21    12ms  ▂▂▂
   14:47:20 GRPC    h2 api.example.com      /pkg.Users/List                 7     grpc         14    88ms  ▂███
 ↓ 14:47:20 GRPC    h2 api.example.com      /pkg.Prices/Watch               200   12 msgs      69   59.8s  ▂▂▂▂▂▂▂▂▂▂
   14:47:23 WS         api.example.com      /socket                         101   7 msgs      218   1m 7s  ██████████
 ⚠ 14:48:31 WS         old.example.org:8088 /chat…/lobby  RFC 6455 section… 101   2 msgs      120    25ms  ▂▂▂
 ↓ 14:48:31 SSE        llm.example.com      /v1/messages                    200   3 msgs      258    <1ms  ▂
   14:48:31 GET        logs.example.com     /tail                           200   ndjson       62     5ms  ▂▂
 ↓ 14:48:31 H3         video.example.com    passes through unread           …                  29    <1ms  ▂
 ≡ 14:48:31 UDP        9.9.9.9:53                                           –                  74    18ms  ▂▂▂
 ≡ 14:48:31 TCP        mail.example.com:25                                  –                  73    13ms  ▂▂▂




── 6  GET old.example.org/chat/rooms/lobby ── Overview  Request  Response  Messages  Timing  TLS ───────────────────────
 URL             http://old.example.org:8088/chat/rooms/lobby
 Method          GET
 Status          101 Switching Protocols
 Closed          websocket_error: RFC 6455 section 5.1: the client sent a frame that is not masked
 Client closed   1002 protocol error: ^[[7mprotocol^M^Jerror^G
 Client broke    RFC 6455 section 5.1: the client sent a frame that is not masked

 Protocol
 Spoken          WebSocket  messages both ways: RFC 6455, RFC 8441
 With client     HTTP/1.1
 With server     HTTP/1.1
 Messages        ↑ 0  ↓ 2

 Sizes and times
 From client     22 bytes
 From server     98 bytes
 Began           14:48:31.030
 Took            25ms

 Between
 Enter open  q close  l tab  Tab pane  z zoom  ? help  ⚠ RFC 6455 section 5.1: the client sent a frame that…
