size 40 120
G l l l l
----
── Flows 9 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET        127.0.0.1:9292       /json                           200   json       1.4k     1ms  ▂
   14:47:20 GET        127.0.0.1:9292       /gz                             200   json        145    <1ms  ▂
   14:47:20 GET        127.0.0.1:9292       /html                           200   html        150    <1ms  ▂
   14:47:20 GET        127.0.0.1:9292       /404                            404                 4    <1ms  ▂
   14:47:20 GET        127.0.0.1:9292       /evil                           200   text        276    <1ms  ▂
   14:47:20 GET        127.0.0.1:9292       /json?page=4&q=a%20b            200   json       1.4k    <1ms  ▂
   14:47:20 POST       127.0.0.1:9292       /json/login                     200   json       1.4k    <1ms  ▂
 ⚠ 14:47:20 GET        127.0.0.1:1          /  127.0.0.1:1: Connection ref… 502   html        113    <1ms  ▂
 ⚠ 14:47:20 TLS        127.0.0.1:9292       the client does not trust the … fail                0    31ms  ▂▂▂






── 9  connection to 127.0.0.1 ── Overview  Request  Response  Timing  TLS ──────────────────────────────────────────────
 Server side: handshake begun
   peer            upstream
   alpn offered    http/1.1

 Server side: failed
   peer            upstream
   reason          handshake
   detail          what the server sent is not TLS
   raw error       GNUTLS_E_UNEXPECTED_PACKET
   provider        gnutls
   alert           10
   alert name      unexpected_message
   alert by        soth

 Client side: handshake begun
   peer            downstream

 Client side: failed
   peer            downstream
   reason          unknown_ca
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help     ⚠ TLS failed: L says why, and what helps  following
