size 40 120 handshakes
g j j j j j j j j j j j j L
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
── Why  shop with soth, for pinned.example.net ─────────────────────────────────────────────────────────────────────────
 its certificate is pinned  certain
    It lets soth speak for other hosts, but not for this one: it expects a certificate of its own here. No authority
    helps against that, only leaving this host alone.
    · the client said so: alert 46, certificate_unknown
    · it accepted soth for 4 other servers, and refused it for 0
    t  pass this host on unread for 15 minutes; T: for good
    b  block this host
    x  no HTTP/3 with this host: strip Alt-Svc, drop QUIC
    P  do it for shop alone: these keys are about all processes

 It may also be
 it goes around by QUIC  likely
    It gets around: after the failure it went on over QUIC, which passes unread.

 What the client did then
    tried again at once, 2 times
    went on over QUIC after 0.7 s: soth sees nothing of that  flow 16

 What is known of the last failure
 Reason          cert_validation, authoritative
 Said            the client refused the certificate (alert 46, certificate_unknown)
 Alert           46 certificate_unknown, client → soth
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help
