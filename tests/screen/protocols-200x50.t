size 50 200 protocols
g j j
----
── Flows 11 ──────────────────────────────────────────────────────────────────────────│── 3  POST api.…g.Users/List ── Request  Overview ──────│── ‹ Messages ›  2 messages  ↑ 12  ↓ 14 ────────────────
   METHOD     HOST            PATH                    STATUS TYPE       SIZE    TOOK  │ POST /pkg.Users/List HTTP/2                            │             ↑     12  0a 05 61 6c 69 63 65
   GET     h2 api.example.com /v2/users?page=4        404   json         24    41ms   │ host: api.example.com                                  │      +32ms  ↓     14  0a 07 61 63 63 6f 75 6e 74
   GET     h2 cdn.example.com /app/assets…ndle.min.js 200   js           21    12ms   │ content-type: application/grpc                         │
   GRPC    h2 api.example.com /pkg.Users/List         7     grpc         14    88ms   │ te: trailers                                           │
 ↓ GRPC    h2 api.example.com /pkg.Prices/Watch       200   12 msgs      69   59.8s   │                                                        │
   WS         api.example.com /socket                 101   7 msgs      218   1m 7s   │ grpc 1 message › protobuf 7                            │
 ⚠ WS         …ample.org:8088 /chat/rooms/lobby       101   2 msgs      120    25ms   │ message 1  7 bytes                                     │
 ↓ SSE        llm.example.com /v1/messages            200   3 msgs      258    <1ms   │   1: "alice"                                           │
   GET        …gs.example.com /tail                   200   ndjson       62     5ms   │                                                        │
 ↓ H3         …eo.example.com passes through unread   …                  29    <1ms   │                                                        │
 ≡ UDP        9.9.9.9:53                              –                  74    18ms   │                                                        │
 ≡ TCP        …example.com:25                         –                  73    13ms   │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
                                                                                      │                                                        │
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  e edit  D edits  : command  ? help  Q quit      7 PERMISSION_DENIED  h2 HTTP/2 on both sides
