size 24 80 bodies
# a hit in a body is on the page of its side, and in sight
:find user
j j j j <Enter>
----
── 1  GET api.e…e=4&sort=name ── Overview  Request  Response  Timing  TLS ──────
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4714,
     "name": "user 3",
     "tags": [
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4715,
     "name": "user 4",
     "tags": [
       "a",
       "b"
     ],
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
