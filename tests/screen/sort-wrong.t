size 24 80
# no such column
:sort nothing
----
── Flows 9 ─────────────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        ….0.0.1:9292 /html                200   html        150    <1ms
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
   GET        ….0.0.1:9292 /evil                200   text        276    <1ms
   GET        ….0.0.1:9292 /json?page=4&q=a%20b 200   json       1.4k    <1ms
   POST       ….0.0.1:9292 /json/login          200   json       1.4k    <1ms
 ⚠ GET        127.0.0.1:1  /                    502   html        113    <1ms
 ⚠ TLS        ….0.0.1:9292 the client does not… fail                0    31ms
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
 no column is called 'nothing': Tab completes
