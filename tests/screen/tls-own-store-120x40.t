size 40 120 handshakes
# all hosts refused, where others get through
L j j j j j j j j <Tab>
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
── Why  java with soth, for cdn.example.com ────────────────────────────────────────────────────────────────────────────
 a trust store of its own  certain
    Other programs trust soth's authority, this one does not: it has a trust store of its own, as Firefox, Java, Node
    and many Python programs have, into which the authority must be put as well.
    · the client said so: alert 48, unknown_ca
    · 1 other program got through to this very host
    · this one never did, with 3 servers
    –  have it trust soth's authority, as told below
    t  pass this host on unread for 15 minutes; T: for good
    P  do it for java alone: these keys are about all processes

 It may also be
 soth's authority is not trusted  likely
    It does not trust soth's authority, by which the certificate that it was shown is signed.
    · the client said so: alert 48, unknown_ca
    · it has let soth speak for no host so far, and refused 3

 What the client did then
    nothing yet

 How a program trusts soth
 `soth ca` says it for each.

 q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  e edit  D edits  ? help   following
