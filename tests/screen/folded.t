size 40 120
g l l <Enter> j j j j j j j <Space>
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
 HTTP/1.1 200 OK
 Server: BaseHTTP/0.6 Python/3.11.7
 Date: Tue, 24 Nov 2026 14:47:20 GMT
 Content-Type: application/json
 Content-Length: 1464

 json 1.4k
 {  … 203 lines
 }











 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  x raw  F follow  ? help
