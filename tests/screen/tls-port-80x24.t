size 24 80 handshakes
L j j j
----
── TLS  11 failing of 19 ───────────────────────────────────────────────────────
   HOST             PROCESS        WITH   WHY              5 MIN    ALL     LAST
 ⚠ mtls.example.com shop           server wants cert           1      1 14:47:34
 ⚠ old.example.org  shop           server old server           1      1 14:47:34
 ⚠ …ain.example.com java           server no TLS               1      1 14:47:33
 ⚠ …xample.lan:8443 shop           server self-signed          1      1 14:47:32
 ⚠ …ong.example.org shop           server wrong name           1      1 14:47:31
 ⚠ …red.example.org shop           server expired              1      1 14:47:31
── Why  shop with soth, which calls dev.example.lan:8443 ───────────────────────
 the server's certificate is self-signed  certain
    The server signed its certificate itself: nobody vouches for it, as usual
    for servers in development and for devices.
    · it showed CN=dev.example.lan, by CN=dev.example.lan
    u  accept this server's certificate as it is
    –  have soth trust that authority: :set ssl-verify-upstream-trusted-ca=FILE
    t  pass this host on unread for 15 minutes; T: for good
    P  do it for shop alone: these keys are about all processes

 What the client did then
    nothing yet

 What the server showed
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
