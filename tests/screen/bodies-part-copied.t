size 24 80 bodies
# the bytes that a line stands for, as they came
g
:view content
:path $[7].tags
y
----
── 1  GET api.example.…rs?page=4&sort=name ── Response body  Request body ──────
 chunked 152 › gzip 152 › json 903
     "name": "user 5",
     "tags": [
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
 copied 9 bytes, for terminals that take OSC 52
