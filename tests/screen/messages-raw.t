size 24 80 protocols
g G <Enter> l l l g <Space>
----
── Flows 11 ────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   WS         …example.com /socket              101   7 msgs      218   1m 7s
 ⚠ WS         …le.org:8088 /chat/rooms/lobby    101   2 msgs      120    25ms
 ↓ SSE        …example.com /v1/messages         200   3 msgs      258    <1ms
   GET        …example.com /tail                200   ndjson       62     5ms
 ↓ H3         …example.com passes through unre… …                  29    <1ms
 ≡ UDP        9.9.9.9:53                        –                  74    18ms
 ≡ TCP        …mple.com:25                      –                  73    13ms
── 11  connec…example.com ── ‹ Messages ›  3 messages  ↑ 9  ↓ 64 ───────────────
 ▾ 14:48:31.612           ↓     28  220 mail.example.com ESMTP
     text 28
     220 mail.example.com ESMTP
   14:48:31.618     +6ms  ↑      9  EHLO me
   14:48:31.625     +7ms  ↓     36  250-mail.example.com 250 STARTTLS







 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
