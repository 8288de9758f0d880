size 40 120 protocols
# all there are; a share of what is left
z
:columns id date method protocol host path scheme port status type size messages http tls ttfb wait
----
── Flows 11 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
       ID DATE                METHOD     HOST         PATH             SCHEME  PORT STATUS TYPE       SIZE   MSGS HTTP
        1 2026-11-24 14:47:20 GET     h2 …example.com /v2/users?page=4 https    443 404    json         24        2→2
        2 2026-11-24 14:47:20 GET     h2 …example.com /app/as…e.min.js https    443 200    js           21        2→1.1
        3 2026-11-24 14:47:20 GRPC    h2 …example.com /pkg.Users/List  https    443 7      grpc         14      2 2→2
 ↓      4 2026-11-24 14:47:20 GRPC    h2 …example.com /pkg.Pr…es/Watch https    443 200    12 msgs      69     12 2→2
        5 2026-11-24 14:47:23 WS         …example.com /socket          https    443 101    7 msgs      218      7 1.1→1.
 ⚠      6 2026-11-24 14:48:31 WS         …le.org:8088 /chat/r…ms/lobby http    8088 101    2 msgs      120      2 1.1→1.
 ↓      7 2026-11-24 14:48:31 SSE        …example.com /v1/messages     https    443 200    3 msgs      258      3 1.1→1.
        8 2026-11-24 14:48:31 GET        …example.com /tail            http      80 200    ndjson       62      2 1.1→1.
 ↓      9 2026-11-24 14:48:31 H3         …example.com passes through … udp      443 …                   29      2
 ≡     10 2026-11-24 14:48:31 UDP        9.9.9.9:53                    udp       53 –                   74      2
 ≡     11 2026-11-24 14:48:31 TCP        …mple.com:25                  tcp       25 –                   73

























 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help     ≡ a tunnel: bytes passed on as they came  following
