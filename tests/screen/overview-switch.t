size 40 120 protocols
# a switch that acted
g j <Enter>
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




── 2  GET cdn.example.com/app/assets/bundle.min.js ── Overview  Request  Response  Timing  TLS ─────────────────────────
 URL             https://cdn.example.com/app/assets/bundle.min.js
 Method          GET
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/2, stream 1
 With server     HTTP/1.1
 Switch          http2=no, HTTP/1.1 alone was offered to the server

 Sizes and times
 Request body    0 bytes
 Answer body     21 bytes
                 text/javascript
 Began           14:47:20.145
 Took            12ms

 Between
 Client          127.0.0.1:50312
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help
