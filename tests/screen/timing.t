size 40 120
g l l l
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






── 1  GET http://127.0.0.1:9292/json ── Overview  Request  Response  Timing  TLS ───────────────────────────────────────
 connect        556us  ████████████████
 request          9us  ▏
 waiting          1ms  ███████████████████████████████████
 response       124us                                      ███

 14:47:20.131    +0.000 ms  flow began
 14:47:20.131    +0.001 ms  request head
 14:47:20.131    +0.009 ms  dialing                  127.0.0.1
 14:47:20.131    +0.010 ms  request complete
 14:47:20.131    +0.565 ms  connected                127.0.0.1:9292
 14:47:20.132    +1.199 ms  response head
 14:47:20.132    +1.323 ms  response complete
 14:47:20.132    +1.324 ms  flow over                mitm_http_completed







 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help
