size 40 120 handshakes
----
── Flows 28 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
 ⚠ 14:47:25 TLS        pinned.example.net   the client refused the certifi… fail                0    15ms  ▂▂▂
 ⚠ 14:47:26 TLS        pinned.example.net   the client refused the certifi… fail                0    15ms  ▂▂▂
 ⚠ 14:47:27 H3         pinned.example.net   passes through unread           fail                0     3ms  ▂▂
 ⚠ 14:47:27 TLS        api.example.com      the client does not trust the … fail                0    15ms  ▂▂▂
 ⚠ 14:47:27 TLS        cdn.example.com      the client does not trust the … fail                0    15ms  ▂▂▂
 ⚠ 14:47:28 TLS        img.example.com      the client does not trust the … fail                0    15ms  ▂▂▂
 ⚠ 14:47:29 TLS        api.example.com      the client speaks no version o… fail                0    15ms  ▂▂▂
 ⚠ 14:47:30 TLS        api.example.com      the client closed the connecti… fail                0    15ms  ▂▂▂
   14:47:30 –          api.example.com                                      –                   0    16ms  ▂▂▂
 ⚠ 14:47:31 TLS        expired.example.org  server's cert: it has expired   fail                0    15ms  ▂▂▂
 ⚠ 14:47:31 TLS        wrong.example.org    server's cert: it is for anoth… fail                0    15ms  ▂▂▂
 ⚠ 14:47:32 TLS        dev.example.lan:8443 server's cert: its issuer is n… fail                0    15ms  ▂▂▂
 ⚠ 14:47:33 TLS        plain.example.com    what the server sent is not TLS fail                0    15ms  ▂▂▂
 ⚠ 14:47:34 TLS        old.example.org      the server does not speak this… fail                0    15ms  ▂▂▂
 ⚠ 14:47:34 TLS        mtls.example.com     the server requires a certific… fail                0    15ms  ▂▂▂
── 28  connection to mtls.example.com ── Overview  Request  Response  Timing  TLS ──────────────────────────────────────
 URL             tcp://mtls.example.com:443
 Trouble         the server requires a certificate of the client (alert 116, certificate_required)
 Closed          tls_handshake_failed

 Protocol
 Spoken          TCP  bytes that are nothing we know

 Sizes and times
 Began           14:47:34.810
 Took            15ms

 Between
 Client          127.0.0.1:40205
 Process         shop (4711)
 Through         127.0.0.1:8080
 Mode            regular
 Server          mtls.example.com port 443
 TLS to server   failed: handshake
 Flow            28

 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help     ⚠ TLS failed: L says why, and what helps  following
