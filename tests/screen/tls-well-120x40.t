size 40 120 handshakes
L G
----
── TLS  11 failing of 19  in 5 min: unknown_ca 4, cert_validation 5, handshake 4, eof_or_reset 1 ───────────────────────
   HOST                   PROCESS        WITH   REASON          WHY              5 MIN    ALL     LAST  HOLDS
 ⚠ api.example.com        10.0.0.12      client handshake       old client           1      1 14:47:29
 ⚠ img.example.com        java           client unknown_ca      own store            1      1 14:47:28
 ⚠ cdn.example.com        java           client unknown_ca      own store            1      1 14:47:27
 ⚠ api.example.com        java           client unknown_ca      own store            1      1 14:47:27
 ⚠ pinned.example.net     shop           client cert_validation pinned               3      3 14:47:26
 ⚠ api.example.com        shop           client eof_or_reset    gave up            1/5    1/5 14:47:30
   api.example.com        shop           server –               TLS1.3               4      4 14:47:30
   cdn.example.com        shop           client –               TLS1.3               3      3 14:47:23
   cdn.example.com        shop           server –               TLS1.3               3      3 14:47:23
   img.example.com        shop           client –               TLS1.3               3      3 14:47:24
   img.example.com        shop           server –               TLS1.3               3      3 14:47:24
   login.example.com      shop           client –               TLS1.3               3      3 14:47:24
   login.example.com      shop           server –               TLS1.3               3      3 14:47:24
── TLS  shop with soth, which calls login.example.com ──────────────────────────────────────────────────────────────────
 All went well.
    P  do it for shop alone: these keys are about all processes

 What the server showed
 subject         CN=login.example.com
 signed by       CN=Example CA
 for             login.example.com
 valid           2026-09-01 to 2026-12-01

 What is known of it
 ALPN offered    h2,http/1.1
 TLS agreed on   TLS1.3
 Cipher          TLS_AES_128_GCM_SHA256
 Counts          0 failed, 3 went well
 In 5 minutes    0 failed, 3 went well
 Flow            12, at 14:47:24.692






 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help        following
