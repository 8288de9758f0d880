size 24 80 bodies
# to a path, and what hides it is opened
g
:view content
<Space>
:path $[7].tags[1]
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
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
