size 24 80 protocols
# no body is made of messages
g j j j j <Enter> l l
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
── 5  GET …m/socket ── Overview  Request  Response  Messages  Timing  TLS ──────
 HTTP/1.1 101 Switching Protocols
 Upgrade: websocket
 Connection: Upgrade
 Sec-WebSocket-Extensions: permessage-deflate

 5 messages, 140 bytes  see Messages






 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
