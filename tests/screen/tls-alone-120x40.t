size 40 120 handshakes
# the keys are about the process of the line alone, and it says so
L j j j j j P u
----
── TLS  11 failing of 19  in 5 min: unknown_ca 4, cert_validation 5, handshake 4, eof_or_reset 1 ───────────────────────
   HOST                   PROCESS        WITH   REASON          WHY              5 MIN    ALL     LAST  HOLDS
 ⚠ mtls.example.com       shop           server handshake       wants cert           1      1 14:47:34
 ⚠ old.example.org        shop           server handshake       old server           1      1 14:47:34
 ⚠ plain.example.com      java           server handshake       no TLS               1      1 14:47:33
 ⚠ dev.example.lan:8443   shop           server unknown_ca      self-signed          1      1 14:47:32
 ⚠ wrong.example.org      shop           server cert_validation wrong name           1      1 14:47:31
 ✓ expired.example.org    shop           server cert_validation expired              1      1 14:47:31  unverified
 ⚠ api.example.com        10.0.0.12      client handshake       old client           1      1 14:47:29
 ⚠ img.example.com        java           client unknown_ca      own store            1      1 14:47:28
 ⚠ cdn.example.com        java           client unknown_ca      own store            1      1 14:47:27
 ⚠ api.example.com        java           client unknown_ca      own store            1      1 14:47:27
 ⚠ pinned.example.net     shop           client cert_validation pinned               3      3 14:47:26
 ⚠ api.example.com        shop           client eof_or_reset    gave up            1/5    1/5 14:47:30
   api.example.com        shop           server –               TLS1.3               4      4 14:47:30
── Why  shop with soth, which calls expired.example.org ────────────────────────────────────────────────────────────────
 the server's certificate has expired  certain
    The server's certificate has expired, on 2026-11-20: whoever runs the server has to renew it.
    · it showed CN=expired.example.org, by CN=Example CA
    u  accept this server's certificate as it is  holds: u takes it back
    t  pass this host on unread for 15 minutes; T: for good
    P  do it for all processes: these keys are about shop alone

 What the client did then
    nothing yet

 What the server showed
 subject         CN=expired.example.org
 signed by       CN=Example CA
 for             expired.example.org
 valid           2026-08-01 to 2026-11-20

 What is known of the last failure
 Reason          cert_validation, authoritative
 Said            the server's certificate is not accepted: it has expired
 Alert           46 certificate_unknown, soth → server
 GnuTLS          GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR: Error in the certificate verification.
 Verification    expired
 expired.example.org, for shop alone: accept this server's certificate as it is, from the next connection on
