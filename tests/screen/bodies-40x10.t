size 10 40 bodies
# on the smallest screen
g
:view content
----
── Response body  Request body ─────────
 chunked 152 › gzip 152 › json 903
 [
   {
     "id": 4711,
     "name": "user 0",
     "tags": [
       "a",
 Enter open  q close  ? help
