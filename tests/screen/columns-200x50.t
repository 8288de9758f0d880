size 50 200 protocols
# all there are; a share of what is left
z
:columns id date method protocol host path scheme port status type size messages http tls ttfb wait
----
── Flows 11 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
       ID DATE                METHOD     HOST                               PATH                                              SCHEME  PORT STATUS TYPE       SIZE   MSGS HTTP    TLS    TTFB WAIT▂ RECV█
        1 2026-11-24 14:47:20 GET     h2 api.example.com                    /v2/users?page=4                                  https    443 404    json         24        2→2     tls    41ms ▂▂▂▂
        2 2026-11-24 14:47:20 GET     h2 cdn.example.com                    /app/assets/bundle.min.js                         https    443 200    js           21        2→1.1   tls    12ms ▂▂▂
        3 2026-11-24 14:47:20 GRPC    h2 api.example.com                    /pkg.Users/List                                   https    443 7      grpc         14      2 2→2     tls    30ms ▂███
 ↓      4 2026-11-24 14:47:20 GRPC    h2 api.example.com                    /pkg.Prices/Watch                                 https    443 200    12 msgs      69     12 2→2     tls    <1ms ▂▂▂▂▂▂▂▂▂▂
        5 2026-11-24 14:47:23 WS         api.example.com                    /socket                                           https    443 101    7 msgs      218      7 1.1→1.1 tls     9ms ██████████
 ⚠      6 2026-11-24 14:48:31 WS         old.example.org:8088               /chat/rooms/lobby  RFC 6455 section 5.1: the cli… http    8088 101    2 msgs      120      2 1.1→1.1        <1ms ▂▂▂
 ↓      7 2026-11-24 14:48:31 SSE        llm.example.com                    /v1/messages                                      https    443 200    3 msgs      258      3 1.1→1.1 tls   310ms ▂
        8 2026-11-24 14:48:31 GET        logs.example.com                   /tail                                             http      80 200    ndjson       62      2 1.1→1.1        <1ms ▂▂
 ↓      9 2026-11-24 14:48:31 H3         video.example.com                  passes through unread                             udp      443 …                   29      2                     ▂
 ≡     10 2026-11-24 14:48:31 UDP        9.9.9.9:53                                                                           udp       53 –                   74      2                     ▂▂▂
 ≡     11 2026-11-24 14:48:31 TCP        mail.example.com:25                                                                  tcp       25 –                   73                            ▂▂▂



































 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  e edit  D edits  : command  ? help  Q quit          ≡ a tunnel: bytes passed on as they came  following
