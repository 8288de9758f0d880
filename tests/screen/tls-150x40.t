size 40 150 handshakes
L
----
── TLS  11 failing of 19  in 5 min: unknown_ca 4, cert_validation 5, handshake 4, eof_or_reset 1 ─────────────────────────────────────────────────────
   HOST                          PROCESS        WITH   REASON          CONFIDENCE     TLS     WHY              5 MIN    ALL     LAST  HOLDS
 ⚠ mtls.example.com              shop           server handshake       authoritative          wants cert           1      1 14:47:34
 ⚠ old.example.org               shop           server handshake       authoritative          old server           1      1 14:47:34
 ⚠ plain.example.com             java           server handshake       authoritative          no TLS               1      1 14:47:33
 ⚠ dev.example.lan:8443          shop           server unknown_ca      authoritative          self-signed          1      1 14:47:32
 ⚠ wrong.example.org             shop           server cert_validation authoritative          wrong name           1      1 14:47:31
 ⚠ expired.example.org           shop           server cert_validation authoritative          expired              1      1 14:47:31
 ⚠ api.example.com               10.0.0.12      client handshake       authoritative          old client           1      1 14:47:29
 ⚠ img.example.com               java           client unknown_ca      authoritative          own store            1      1 14:47:28
 ⚠ cdn.example.com               java           client unknown_ca      authoritative          own store            1      1 14:47:27
 ⚠ api.example.com               java           client unknown_ca      authoritative          own store            1      1 14:47:27
 ⚠ pinned.example.net            shop           client cert_validation authoritative          pinned               3      3 14:47:26
 ⚠ api.example.com               shop           client eof_or_reset    inferred       TLS1.3  gave up            1/5    1/5 14:47:30
   api.example.com               shop           server –                              TLS1.3                       4      4 14:47:30
── Why  shop with soth, which calls mtls.example.com ─────────────────────────────────────────────────────────────────────────────────────────────────
 the server wants a client's certificate  certain
    The server wants a certificate of the client, and soth has none for it.
    · the server said: alert 116, certificate_required
    –  give soth a certificate for this server: :set client-certs=HOST=FILE
    t  pass this host on unread for 15 minutes; T: for good
    P  do it for shop alone: these keys are about all processes

 What the client did then
    nothing yet

 What is known of the last failure
 Reason          handshake, authoritative
 Said            the server requires a certificate of the client (alert 116, certificate_required)
 Alert           116 certificate_required, server → soth
 GnuTLS          GNUTLS_E_FATAL_ALERT_RECEIVED
 Name asked for  mtls.example.com
 ALPN offered    h2,http/1.1
 TLS offered     TLS1.3,TLS1.2
 Counts          1 failed, 0 went well: handshake 1
 In 5 minutes    1 failed, 0 went well: handshake 1
 Flow            28, at 14:47:34.825

 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  e edit  D edits  : command  ? help  Q quit  following
