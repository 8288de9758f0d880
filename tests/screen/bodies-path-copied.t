size 24 80 bodies
g
:view content
:path $[7].tags[1]
Y
----
── 1  GET api.example.…rs?page=4&sort=name ── Response body  Request body ──────
 chunked 152 › gzip 152 › json 903
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4717,
     "name": "user 6",
     "tags": [
       "a",
       "b"
     ],
     "big": 12345678901234567890.10
   },
   {
     "id": 4718,
     "name": "user 7",
     "tags": [
       "a",
       "b"
 copied $[7].tags[1]
