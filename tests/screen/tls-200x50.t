size 50 200 handshakes
L
----
── TLS  11 failing of 19  in 5 min: unknown_ca 4, cert_validation 5, handshake 4, eof_or_reset 1 ───│── Why  shop with soth, which calls mtls.example.com ──────────────────────────────────────────────
   HOST                 PROCESS        WITH   REASON          WHY              5 MIN    ALL     LAST│ the server wants a client's certificate  certain
 ⚠ mtls.example.com     shop           server handshake       wants cert           1      1 14:47:34│    The server wants a certificate of the client, and soth has none for it.
 ⚠ old.example.org      shop           server handshake       old server           1      1 14:47:34│    · the server said: alert 116, certificate_required
 ⚠ plain.example.com    java           server handshake       no TLS               1      1 14:47:33│    –  give soth a certificate for this server: :set client-certs=HOST=FILE
 ⚠ dev.example.lan:8443 shop           server unknown_ca      self-signed          1      1 14:47:32│    t  pass this host on unread for 15 minutes; T: for good
 ⚠ wrong.example.org    shop           server cert_validation wrong name           1      1 14:47:31│    P  do it for shop alone: these keys are about all processes
 ⚠ expired.example.org  shop           server cert_validation expired              1      1 14:47:31│
 ⚠ api.example.com      10.0.0.12      client handshake       old client           1      1 14:47:29│ What the client did then
 ⚠ img.example.com      java           client unknown_ca      own store            1      1 14:47:28│    nothing yet
 ⚠ cdn.example.com      java           client unknown_ca      own store            1      1 14:47:27│
 ⚠ api.example.com      java           client unknown_ca      own store            1      1 14:47:27│ What is known of the last failure
 ⚠ pinned.example.net   shop           client cert_validation pinned               3      3 14:47:26│ Reason          handshake, authoritative
 ⚠ api.example.com      shop           client eof_or_reset    gave up            1/5    1/5 14:47:30│ Said            the server requires a certificate of the client (alert 116, certificate_required)
   api.example.com      shop           server –               TLS1.3               4      4 14:47:30│ Alert           116 certificate_required, server → soth
   cdn.example.com      shop           client –               TLS1.3               3      3 14:47:23│ GnuTLS          GNUTLS_E_FATAL_ALERT_RECEIVED
   cdn.example.com      shop           server –               TLS1.3               3      3 14:47:23│ Name asked for  mtls.example.com
   img.example.com      shop           client –               TLS1.3               3      3 14:47:24│ ALPN offered    h2,http/1.1
   img.example.com      shop           server –               TLS1.3               3      3 14:47:24│ TLS offered     TLS1.3,TLS1.2
   login.example.com    shop           client –               TLS1.3               3      3 14:47:24│ Counts          1 failed, 0 went well: handshake 1
   login.example.com    shop           server –               TLS1.3               3      3 14:47:24│ In 5 minutes    1 failed, 0 went well: handshake 1
                                                                                                    │ Flow            28, at 14:47:34.825
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
                                                                                                    │
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  e edit  D edits  : command  ? help  Q quit                                                    following
