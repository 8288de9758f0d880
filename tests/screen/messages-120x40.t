size 40 120 protocols
# an event stream that goes on: the newest is followed, an older one opened
g j j j j j j <Enter> l l l g j j <Space>
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




── 7  POS…essages ── Overview  Request  Response  Messages  Answer  Timing  TLS  3 messages  ↑ 16  ↓ 258 ───────────────
   14:48:31.365           ↓     14  keep-alive
   14:48:31.445    +80ms  ↓     98  message_start {"type":"message_start","message":{"id":"msg_01","role":"assistant"}}
 ▾ 14:48:31.490    +45ms  ↓    101  content_block_delta {"delta": {"text": "Hello", "index": 0}} id 17 retry 3000
     event: content_block_delta
     id: 17
     retry: 3000
     json 41
     {
       "delta": {
         "text": "Hello",
         "index": 0
       }
     }
   14:48:31.535    +45ms  ↓     28  not JSON, but a line
   14:48:31.580    +45ms  ↓     17  not whole yet event: content_bl





 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help
