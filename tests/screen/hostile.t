size 30 100
g j j j j <Enter> l l
----
── Flows 9 ─────────────────────────────────────────────────────────────────────────────────────────
   TIME     METHOD     HOST              PATH                       STATUS TYPE       SIZE    TOOK
   14:47:20 GET        127.0.0.1:9292    /json                      200   json       1.4k     1ms
   14:47:20 GET        127.0.0.1:9292    /gz                        200   json        145    <1ms
   14:47:20 GET        127.0.0.1:9292    /html                      200   html        150    <1ms
   14:47:20 GET        127.0.0.1:9292    /404                       404                 4    <1ms
   14:47:20 GET        127.0.0.1:9292    /evil                      200   text        276    <1ms
   14:47:20 GET        127.0.0.1:9292    /json?page=4&q=a%20b       200   json       1.4k    <1ms
   14:47:20 POST       127.0.0.1:9292    /json/login                200   json       1.4k    <1ms
 ⚠ 14:47:20 GET        127.0.0.1:1       /                          502   html        113    <1ms
 ⚠ 14:47:20 TLS        127.0.0.1:9292    the client does not trust… fail                0    31ms

── 5  GET http://127.0.0.1:9292/evil ── Overview  Request  Response  Timing  TLS ───────────────────
 HTTP/1.1 200 OK
 Server: BaseHTTP/0.6 Python/3.11.7
 Date: Tue, 24 Nov 2026 14:47:20 GMT
 Content-Type: text/plain
 Content-Length: 276

 text 276
 ^@^A^B^C^D^E^F^G^H
 ^K^L^M^N^O^P^Q^R^S^T^U^V^W^X^Y^Z^[^\^]^^^_ !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWX
 YZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~^?\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d
  \x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2\xa3\xa4\xa5\xa6
   \xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf
    \xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8
 \xd9\xda\xdb\xdc\xdd\xde\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0
  \xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff<202e><200b> é 日本 <009b>
 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  ? help
