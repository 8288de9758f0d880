size 24 80 handshakes
L j j j j j <Enter>
----
── Flows 1 of 28  ~tlsfail & ~side server & (~sni ^expired\.example\.org$ | ~dst
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
 ⚠ TLS        …example.org server's cert: it h… fail                0    15ms






── 23  connecti…d.example.org ── Overview  Request  Response  Timing  TLS ──────
 URL             tcp://expired.example.org:443
 Trouble         the server's certificate is not accepted: it has expired
 Closed          tls_handshake_failed

 Protocol
 Spoken          TCP  bytes that are nothing we know

 Sizes and times
 Began           14:47:31.235
 Took            15ms

 Between
 Enter open  q close  ? help       ⚠ TLS failed: L says why, and wh…  following
