size 24 80 polls
# Space opens one, and the cursor stays with its newest
Z z g j <Space> k k
----
── Flows 53  folded into 44 ────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com│/v1/jobs/17?at=17    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=18    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=19    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=20    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=21    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=22    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=23    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=24    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=25    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=26    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=27    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=28    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=29    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=30    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=31    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=32    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=33    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=34    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=35    200   json         14    35ms
   GET        …example.com│/v1/jobs/17?at=36    200   json         14    35ms
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
