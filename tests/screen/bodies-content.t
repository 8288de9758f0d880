size 24 80 bodies
# the body alone, its chain over it
g
:view content
----
── 1  GET api.example.…rs?page=4&sort=name ── Response body  Request body ──────
 chunked 152 › gzip 152 › json 903
 [
   {
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
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
