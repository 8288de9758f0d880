size 24 80 protocols
L
----
── TLS ─────────────────────────────────────────────────────────────────────────
   HOST             PROCESS        WITH   WHY              5 MIN    ALL     LAST
 There was no handshake of TLS yet.





── TLS ─────────────────────────────────────────────────────────────────────────
 Nothing is looked at: L shows what came of TLS.












 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
