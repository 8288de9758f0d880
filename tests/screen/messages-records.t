size 24 80 protocols
g j j j j j j j <Enter> l l l j <Space>
----
── Flows 11 ────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET     h2 …example.com /app/asse…dle.min.js 200   js           21    12ms
   GRPC    h2 …example.com /pkg.Users/List      7     grpc         14    88ms
 ↓ GRPC    h2 …example.com /pkg.Prices/Watch    200   12 msgs      69   59.8s
   WS         …example.com /socket              101   7 msgs      218   1m 7s
 ⚠ WS         …le.org:8088 /chat/rooms/lobby    101   2 msgs      120    25ms
 ↓ SSE        …example.com /v1/messages         200   3 msgs      258    <1ms
   GET        …example.com /tail                200   ndjson       62     5ms
── 8  GET log…le.com/tail ── ‹ Messages ›  2 messages  ↑ 0  ↓ 62 ───────────────
   14:48:31.580           ↓     28  {"level":"info","msg":"up"}
 ▾ 14:48:31.580       +0  ↓     34  {"level":"warn","msg":"disk 91%"}
     json 34
     {
       "level": "warn",
       "msg": "disk 91%"
     }





 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
