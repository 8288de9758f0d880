size 24 80 protocols
g j j
----
── Flows 11 ────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET     h2 …example.com /v2/users?page=4     404   json         24    41ms
   GET     h2 …example.com /app/asse…dle.min.js 200   js           21    12ms
   GRPC    h2 …example.com /pkg.Users/List      7     grpc         14    88ms
 ↓ GRPC    h2 …example.com /pkg.Prices/Watch    200   12 msgs      69   59.8s
   WS         …example.com /socket              101   7 msgs      218   1m 7s
 ⚠ WS         …le.org:8088 /chat/rooms/lobby    101   2 msgs      120    25ms
 ↓ SSE        …example.com /v1/messages         200   3 msgs      258    <1ms
── 3  POST…ers/List ── Overview  Request  Response  Messages  Timing  TLS ──────
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
 Enter open  q close  ? help       7 PERMISSION_DENIED  h2 HTTP/2 o…
