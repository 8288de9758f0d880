size 24 80
# by a column; what is equal as it came
:sort host
:sort size
----
── Flows 9  by size ────────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
 ⚠ TLS        ….0.0.1:9292 the client does not… fail                0    31ms
   GET        ….0.0.1:9292 /404                 404                 4    <1ms
 ⚠ GET        127.0.0.1:1  /                    502   html        113    <1ms
   GET        ….0.0.1:9292 /gz                  200   json        145    <1ms
   GET        ….0.0.1:9292 /html                200   html        150    <1ms
   GET        ….0.0.1:9292 /evil                200   text        276    <1ms
   GET        ….0.0.1:9292 /json                200   json       1.4k     1ms
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
