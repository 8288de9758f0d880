size 24 80 handshakes
# a client whose process is not known
L j j j j j j P
----
── TLS  11 failing of 19 ───────────────────────────────────────────────────────
   HOST             PROCESS        WITH   WHY              5 MIN    ALL     LAST
 ⚠ old.example.org  shop           server old server           1      1 14:47:34
 ⚠ …ain.example.com java           server no TLS               1      1 14:47:33
 ⚠ …xample.lan:8443 shop           server self-signed          1      1 14:47:32
 ⚠ …ong.example.org shop           server wrong name           1      1 14:47:31
 ⚠ …red.example.org shop           server expired              1      1 14:47:31
 ⚠ api.example.com  10.0.0.12      client old client           1      1 14:47:29
── Why  10.0.0.12 with soth, for api.example.com ───────────────────────────────
 it speaks only old TLS  certain
    The client speaks only old versions of TLS: TLS1.0, which soth does not, as
    it is set.
    –  let soth speak older TLS with clients: :set tls-version-client-min=TLS1
    t  pass this host on unread for 15 minutes; T: for good

 What the client did then
    nothing yet

 What is known of the last failure
 Reason          handshake, authoritative
 Said            the client speaks no version of TLS that soth does (1.2, 1.3)
 Alert           70 protocol_version, soth → client
 which process this is is not known: what keys do is about all
