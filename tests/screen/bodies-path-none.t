size 24 80 bodies
g
:view content
:path $[7].nothing
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
 $[7].nothing: no such member
