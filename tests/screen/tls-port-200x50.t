size 50 200 handshakes
L j j j P
----
── TLS  11 failing of 19  in 5 min: unknown_ca 4, cert_validation 5, handshake 4, eof_or_reset 1 ───│── Why  shop with soth, which calls dev.example.lan:8443 ──────────────────────────────────────────
   HOST                 PROCESS        WITH   REASON          WHY              5 MIN    ALL     LAST│ the server's certificate is self-signed  certain
 ⚠ mtls.example.com     shop           server handshake       wants cert           1      1 14:47:34│    The server signed its certificate itself: nobody vouches for it, as usual for servers in
 ⚠ old.example.org      shop           server handshake       old server           1      1 14:47:34│    development and for devices.
 ⚠ plain.example.com    java           server handshake       no TLS               1      1 14:47:33│    · it showed CN=dev.example.lan, by CN=dev.example.lan
 ⚠ dev.example.lan:8443 shop           server unknown_ca      self-signed          1      1 14:47:32│    u  accept this server's certificate as it is
 ⚠ wrong.example.org    shop           server cert_validation wrong name           1      1 14:47:31│    –  have soth trust that authority: :set ssl-verify-upstream-trusted-ca=FILE
 ⚠ expired.example.org  shop           server cert_validation expired              1      1 14:47:31│    t  pass this host on unread for 15 minutes; T: for good
 ⚠ api.example.com      10.0.0.12      client handshake       old client           1      1 14:47:29│    P  do it for all processes: these keys are about shop alone
 ⚠ img.example.com      java           client unknown_ca      own store            1      1 14:47:28│
 ⚠ cdn.example.com      java           client unknown_ca      own store            1      1 14:47:27│ What the client did then
 ⚠ api.example.com      java           client unknown_ca      own store            1      1 14:47:27│    nothing yet
 ⚠ pinned.example.net   shop           client cert_validation pinned               3      3 14:47:26│
 ⚠ api.example.com      shop           client eof_or_reset    gave up            1/5    1/5 14:47:30│ What the server showed
   api.example.com      shop           server –               TLS1.3               4      4 14:47:30│ subject         CN=dev.example.lan
   cdn.example.com      shop           client –               TLS1.3               3      3 14:47:23│ signed by       itself
   cdn.example.com      shop           server –               TLS1.3               3      3 14:47:23│ for             dev.example.lan
   img.example.com      shop           client –               TLS1.3               3      3 14:47:24│ valid           2026-08-01 to 2036-08-01
   img.example.com      shop           server –               TLS1.3               3      3 14:47:24│
   login.example.com    shop           client –               TLS1.3               3      3 14:47:24│ What is known of the last failure
   login.example.com    shop           server –               TLS1.3               3      3 14:47:24│ Reason          unknown_ca, authoritative
                                                                                                    │ Said            the server's certificate is not accepted: its issuer is not trusted
                                                                                                    │ Alert           46 certificate_unknown, soth → server
                                                                                                    │ GnuTLS          GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR: Error in the certificate verification.
                                                                                                    │ Verification    signer_not_found
                                                                                                    │ Name asked for  dev.example.lan
                                                                                                    │ ALPN offered    h2,http/1.1
                                                                                                    │ TLS offered     TLS1.3,TLS1.2
                                                                                                    │ Counts          1 failed, 0 went well: unknown_ca 1
                                                                                                    │ In 5 minutes    1 failed, 0 went well: unknown_ca 1
                                                                                                    │ Flow            25, at 14:47:32.680
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
 what keys do about TLS is about the process of the line alone, as shop
