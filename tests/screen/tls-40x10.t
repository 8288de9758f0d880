size 10 40 handshakes
L j j
----
── TLS  11 failing of 19 ───────────────
   HOST           WITH   WHY
 ⚠ …s.example.com server wants cert
 ⚠ …d.example.org server old server
 ⚠ …n.example.com server no TLS
 ⚠ …mple.lan:8443 server self-signed
 ⚠ …g.example.org server wrong name
 ⚠ …d.example.org server expired
 Enter open  q close  ? help  following
