size 40 120
# a number does, from a pane below too
:filter ~m GET
!
:sort -took
:columns time host path header:server took
:save_view 7 slow ones
0 <Tab> 7
----
── Flows [7 slow ones] 2 of 9  !(~m GET)  by -took ─────────────────────────────────────────────────────────────────────
   TIME     HOST                          PATH                                      server                          TOOK
 ⚠ 14:47:20 127.0.0.1:9292                the client does not trust the certificat…                                 31ms
   14:47:20 127.0.0.1:9292                /json/login                               BaseHTTP/0.6 Python/3.11.7      <1ms













── 9  connection to 127.0.0.1 ── Overview  Request  Response  Timing  TLS ──────────────────────────────────────────────
 URL             tcp://127.0.0.1:9292
 Trouble         what the server sent is not TLS
 Trouble         the client does not trust the certificate's authority (alert 48, unknown_ca); `soth ca` says how to
                 trust soth's authority
 Closed          tls_handshake_failed: the client does not trust the certificate's authority (alert 48, unknown_ca);
                 `soth ca` says how to trust soth's authority

 Protocol
 Spoken          TCP  bytes that are nothing we know

 Sizes and times
 Began           14:47:20.192
 Took            31ms

 Between
 Client          127.0.0.1:43160
 Through         127.0.0.1:9191
 Mode            regular
 Server          127.0.0.1 port 9292
 Server address  127.0.0.1:9292
 7  slow ones
