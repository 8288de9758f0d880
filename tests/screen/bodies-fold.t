size 24 80 bodies
# what is nested is folded away; a line within folds what it stands in
g
:view content
j <Space> j j <Space>
----
── 1  GET api.example.…rs?page=4&sort=name ── Response body  Request body ──────
 chunked 152 › gzip 152 › json 903
 [
   {  … 7 lines
   },
   {  … 7 lines
   },
   {
     "id": 4713,
     "name": "user 2",
     "tags": [
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
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
