size 24 80
# and brings it back
:filter ~c 4xx
<C-s> e r r o r s <Enter>
:filter ~m GET
!
:sort -took
:columns time host path header:server took
<C-s> s l o w <Space> o n e s <Enter>
0 V j <Enter>
----
── Flows [2 slow ones] 2 of 9  !(~m GET)  by -took ─────────────────────────────
   TIME     HOST              PATH                      server              TOOK
 ⚠ 14:47:20 127.0.0.1:9292    the client does not trus…                     31ms
   14:47:20 127.0.0.1:9292    /json/login               BaseHTTP/0.6 Py…    <1ms





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
 2  slow ones
