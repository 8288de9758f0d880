size 24 80
# the order stays as it was saved, however often
:sort -took
:save_view 7 slow
7 7 <Tab> 7
----
── Flows [7 slow] 9  by -took ──────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
 ⚠ TLS        ….0.0.1:9292 the client does not… fail                0    31ms
   GET        ….0.0.1:9292 /json                200   json       1.4k     1ms
   GET        ….0.0.1:9292 /gz                  200   json        145    <1ms
   GET        ….0.0.1:9292 /html                200   html        150    <1ms
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
   GET        ….0.0.1:9292 /evil                200   text        276    <1ms
   GET        ….0.0.1:9292 /json?page=4&q=a%20b 200   json       1.4k    <1ms
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
 7  slow
