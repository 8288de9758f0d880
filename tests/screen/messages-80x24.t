size 24 80 protocols
# a WebSocket: both ways, control frames, a message opened
g j j j j <Enter> l l l j j <Space>
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
── 5  GET api….com/socket ── ‹ Messages ›  7 messages  ↑ 78  ↓ 140 ─────────────
   14:47:23.267           ↑     37  {"op":"subscribe","channel":"prices"}
   14:47:23.294    +27ms  ↓     22  {"op": "ack", "id": 1}
 ▾ 14:47:25.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of…
     text, 31 bytes deflated, 132 without, not masked
     json 132
     {
       "t": "price",
       "v": 101.25,
       "up": true,
       "of": [
         "ACME",
         null
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
