size 40 120
g j j j j j l
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






── 6  GET http://127.0.0.1:9292/json?page=4&q=a%20b ── Overview  Request  Response  Timing  TLS ────────────────────────
 GET http://127.0.0.1:9292/json?page=4&q=a%20b HTTP/1.1
 Host: 127.0.0.1:9292
 User-Agent: curl/7.88.1
 Accept: */*
 Proxy-Connection: Keep-Alive

 query
   page = 4
   q    = a b











 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help
