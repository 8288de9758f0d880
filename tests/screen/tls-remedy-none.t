size 24 80 handshakes
L
:remedy nothing
----
── TLS  11 failing of 19 ───────────────────────────────────────────────────────
   HOST             PROCESS        WITH   WHY              5 MIN    ALL     LAST
 ⚠ mtls.example.com shop           server wants cert           1      1 14:47:34
 ⚠ old.example.org  shop           server old server           1      1 14:47:34
 ⚠ …ain.example.com java           server no TLS               1      1 14:47:33
 ⚠ …xample.lan:8443 shop           server self-signed          1      1 14:47:32
 ⚠ …ong.example.org shop           server wrong name           1      1 14:47:31
 ⚠ …red.example.org shop           server expired              1      1 14:47:31
── Why  shop with soth, which calls mtls.example.com ───────────────────────────
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
 Said            the server requires a certificate of the client (alert 116,
 remedy: 'nothing' is none: Tab completes
