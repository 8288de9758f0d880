size 40 120 protocols
# likewise, with more room
g j j -
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




── 3  POST api.example.com/pkg.Users/List ── Overview  Request  Response  Messages  Timing  TLS ────────────────────────
 URL             https://api.example.com/pkg.Users/List
 Method          POST
 Status          200
 Closed          mitm_http_completed
 gRPC status     7 PERMISSION_DENIED
 gRPC message    no right to "list"

 Protocol
 Spoken          gRPC  gRPC over HTTP/2
 With client     HTTP/2, stream 7
 With server     HTTP/2, stream 9
 Messages        ↑ 1  ↓ 1

 Sizes and times
 Request body    12 bytes
                 application/grpc
 Answer body     14 bytes
                 application/grpc
 Began           14:47:20.157
 Took            88ms
not m POST  h api.example.com  s 200  g grpc 7  t application/grpc  1 /pkg.Users  p /pkg.Users/List  c 127.0.0.1
