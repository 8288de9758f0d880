size 24 80 handshakes
# about all again: what holds for one process is said to, and is not what the key takes back
L j j j j j P u P
----
── TLS  11 failing of 19 ───────────────────────────────────────────────────────
   HOST             PROCESS        WITH   WHY              5 MIN    ALL     LAST
 ⚠ mtls.example.com shop           server wants cert           1      1 14:47:34
 ⚠ old.example.org  shop           server old server           1      1 14:47:34
 ⚠ …ain.example.com java           server no TLS               1      1 14:47:33
 ⚠ …xample.lan:8443 shop           server self-signed          1      1 14:47:32
 ⚠ …ong.example.org shop           server wrong name           1      1 14:47:31
 ✓ …red.example.org shop           server expired              1      1 14:47:31
── Why  shop with soth, which calls expired.example.org ────────────────────────
 the server's certificate has expired  certain
    The server's certificate has expired, on 2026-11-20: whoever runs the server
    has to renew it.
    · it showed CN=expired.example.org, by CN=Example CA
    u  accept this server's certificate as it is  holds for it alone: see P
    t  pass this host on unread for 15 minutes; T: for good
    P  do it for shop alone: these keys are about all processes

 What the client did then
    nothing yet

 What the server showed
 subject         CN=expired.example.org
 what keys do about TLS is about all processes
