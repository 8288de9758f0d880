size 40 120 handshakes
# one whose port is not the usual: in its line, and in what is told of it
L j j j
----
── TLS  11 failing of 19  in 5 min: unknown_ca 4, cert_validation 5, handshake 4, eof_or_reset 1 ───────────────────────
   HOST                   PROCESS        WITH   REASON          WHY              5 MIN    ALL     LAST  HOLDS
 ⚠ mtls.example.com       shop           server handshake       wants cert           1      1 14:47:34
 ⚠ old.example.org        shop           server handshake       old server           1      1 14:47:34
 ⚠ plain.example.com      java           server handshake       no TLS               1      1 14:47:33
 ⚠ dev.example.lan:8443   shop           server unknown_ca      self-signed          1      1 14:47:32
 ⚠ wrong.example.org      shop           server cert_validation wrong name           1      1 14:47:31
 ⚠ expired.example.org    shop           server cert_validation expired              1      1 14:47:31
 ⚠ api.example.com        10.0.0.12      client handshake       old client           1      1 14:47:29
 ⚠ img.example.com        java           client unknown_ca      own store            1      1 14:47:28
 ⚠ cdn.example.com        java           client unknown_ca      own store            1      1 14:47:27
 ⚠ api.example.com        java           client unknown_ca      own store            1      1 14:47:27
 ⚠ pinned.example.net     shop           client cert_validation pinned               3      3 14:47:26
 ⚠ api.example.com        shop           client eof_or_reset    gave up            1/5    1/5 14:47:30
   api.example.com        shop           server –               TLS1.3               4      4 14:47:30
── Why  shop with soth, which calls dev.example.lan:8443 ───────────────────────────────────────────────────────────────
 the server's certificate is self-signed  certain
    The server signed its certificate itself: nobody vouches for it, as usual for servers in development and for
    devices.
    · it showed CN=dev.example.lan, by CN=dev.example.lan
    u  accept this server's certificate as it is
    –  have soth trust that authority: :set ssl-verify-upstream-trusted-ca=FILE
    t  pass this host on unread for 15 minutes; T: for good
    P  do it for shop alone: these keys are about all processes

 What the client did then
    nothing yet

 What the server showed
 subject         CN=dev.example.lan
 signed by       itself
 for             dev.example.lan
 valid           2026-08-01 to 2036-08-01

 What is known of the last failure
 Reason          unknown_ca, authoritative
 Said            the server's certificate is not accepted: its issuer is not trusted
 Alert           46 certificate_unknown, soth → server
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help        following
