size 24 80 bodies
# a decoder that there is not
g
:view content
:decoder nonsense
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
 no decoder and no coding is called 'nonsense': m and Tab list them
