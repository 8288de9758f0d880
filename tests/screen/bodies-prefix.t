size 24 80 bodies
# JSON behind a prefix: view only
g j j
:view content
----
── 3  POST api.example…/login?next=%2Fhome ── Response body  Request body ──────
 xssi prefix )]}' left out: view only
 )]}'
 {
   "ok": true,
   "user": {
     "name": "Ada"
   }
 }













 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
