size 40 120 protocols
g j j j j j <Enter> l l l <Space> G <Space> k <Space>
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




── 6  GET old…rooms/lobby ── Overview  Request  Response  Messages  Timing  TLS  2 messages  ↑ 22  ↓ 98 ────────────────
 ▾ 14:48:31.050           ↓     41  ^[]0;owned^G ^[[31mred^[[0m <202e> txet <009b>31m \xff\xfe
     text, 41 bytes, not masked
     text 41
     ^[]0;owned^G ^[[31mred^[[0m <202e> txet <009b>31m \xff\xfe
   14:48:31.050       +0  ↓     52  {"esc": "^[[2J", "bidi": "<202e>live", "wide": "日本"}
   14:48:31.050       +0  ↓      5  ping 1b 63 0d 0a 08
 ▾ 14:48:31.055     +5ms  ↑         ⚠ RFC 6455 section 5.1: the client sent a frame that is not masked
     RFC 6455 section 5.1: the client sent a frame that is not masked
 ▾ 14:48:31.055       +0  ↑     22  close 1002 protocol error ^[[7mprotocol error^G
     close, 22 bytes, masked
     code            1002 protocol error
     reason          ^[[7mprotocol^M^Jerror^G








 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help
