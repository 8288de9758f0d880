size 40 120 bodies
# a member of JSON
g <Tab> l l
:search "user 2"
+
----
── Flows 1 of 6  ~bs "\"name\"\\s*:\\s*\"user 2\"\\s*[,}]" ─────────────────────────────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 GET        api.example.com      /v2/users?page=4&sort=name      200   json        152    35ms  ▂▂▂█














── 1  GET api.example.com/v2/users?page=4&sort=name ── Overview  Request  Response  Timing  TLS ────────────────────────
     "id": 4711,
     "name": "user 0",
     "tags": [
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4712,
     "name": "user 1",
     "tags": [
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4713,
     "name": "user 2",
 the list shows only ~bs "\"name\"\\s*:\\s*\"user 2\"\\s*[,}]"
