size 24 80
:columns method host header:server ttfb
:sort header:server
----
── Flows 9  by header:server ───────────────────────────────────────────────────
   METHOD  HOST                            server                           TTFB
   GET     127.0.0.1:9292                  BaseHTTP/0.6 Python/3.11.7       <1ms
   GET     127.0.0.1:9292                  BaseHTTP/0.6 Python/3.11.7       <1ms
   GET     127.0.0.1:9292                  BaseHTTP/0.6 Python/3.11.7       <1ms
   GET     127.0.0.1:9292                  BaseHTTP/0.6 Python/3.11.7       <1ms
   POST    127.0.0.1:9292                  BaseHTTP/0.6 Python/3.11.7       <1ms
 ⚠ GET     127.0.0.1:1                                                      <1ms
 ⚠ TLS     127.0.0.1:9292
── 9  connection to 127.0.0.1 ── Overview  Request  Response  Timing  TLS ──────
 URL             tcp://127.0.0.1:9292
 Trouble         what the server sent is not TLS
 Trouble         the client does not trust the certificate's authority (alert
                 48, unknown_ca); `soth ca` says how to trust soth's authority
 Closed          tls_handshake_failed: the client does not trust the
                 certificate's authority (alert 48, unknown_ca); `soth ca` says
                 how to trust soth's authority

 Protocol
 Spoken          TCP  bytes that are nothing we know

 Sizes and times
 Enter open  q close  ? help       ⚠ TLS failed: L says why, and wh…
