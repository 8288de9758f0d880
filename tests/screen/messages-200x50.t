size 50 200 protocols
# beside the list, messages come first
g j j j j <Tab> <Tab> j j j j j j j <Space>
----
── Flows 11 ──────────────────────────────────────────────────────────────────────────│── 5  GET api.e…e.com/socket ── Request  Overview ──────│── ‹ Messages ›  7 messages  ↑ 78  ↓ 140 ───────────────
   METHOD     HOST            PATH                    STATUS TYPE       SIZE    TOOK  │ GET /socket HTTP/1.1                                   │             ↑     37  {"op":"subscribe","channel":"pri…
   GET     h2 api.example.com /v2/users?page=4        404   json         24    41ms   │ Host: api.example.com                                  │      +27ms  ↓     22  {"op": "ack", "id": 1}
   GET     h2 cdn.example.com /app/assets…ndle.min.js 200   js           21    12ms   │ Upgrade: websocket                                     │      +2.0s  ↓     31  {"t": "price", "v": 101.25, "up"…
   GRPC    h2 api.example.com /pkg.Users/List         7     grpc         14    88ms   │ Connection: Upgrade                                    │      +2.0s  ↓     31  {"t": "price", "v": 101.25, "up"…
 ↓ GRPC    h2 api.example.com /pkg.Prices/Watch       200   12 msgs      69   59.8s   │                                                        │      +2.0s  ↓     31  {"t": "price", "v": 101.25, "up"…
   WS         api.example.com /socket                 101   7 msgs      218   1m 7s   │ 2 messages, 78 bytes  see Messages                     │       +1ms  ↑     13  ping are you there
 ⚠ WS         …ample.org:8088 /chat/rooms/lobby       101   2 msgs      120    25ms   │                                                        │       +4ms  ↓     13  pong are you there
 ↓ SSE        llm.example.com /v1/messages            200   3 msgs      258    <1ms   │                                                        │ ▾   +700ms  ↓     10  00 01 02 ff fe fd 20 50 4e 47
   GET        …gs.example.com /tail                   200   ndjson       62     5ms   │                                                        │     binary, 10 bytes, in 2 frames, not masked
 ↓ H3         …eo.example.com passes through unread   …                  29    <1ms   │                                                        │     hex 10
 ≡ UDP        9.9.9.9:53                              –                  74    18ms   │                                                        │     00000000  00 01 02 ff fe fd 20 50  4e 47
 ≡ TCP        …example.com:25                         –                  73    13ms   │                                                        │              ...... PNG
                                                                                      │                                                        │     +1m 1s  ↑     14  hello, plainly
                                                                                      │                                                        │      +30ms  ↑     14  close 1000 normal closure that w…
                                                                                      │                                                        │       +1ms  ↓      2  close 1000 normal closure
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
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  y copy  e edit  D edits  : command  ? help  Q quit
