size 24 80 bodies
# back from the hits of another flow, the cursor is on the one that was shown last
:find user
<Enter> n n n n n n n n n n n n n <Esc> <Enter>
----
── 3  POST api.…?next=%2Fhome ── Overview  Request  Response  Timing  TLS ──────
 POST /v2/login?next=%2Fhome HTTP/1.1
 Host: api.example.com
 Authorization: Basic YWRhOnNlY3JldA==
 Cookie: theme=dark; session=0123456789abcdef
 Content-Type: application/x-www-form-urlencoded

 query
   next = /home

 credentials
   Basic
   user      ada
   password  secret

 cookies
   theme                   dark
   session                 0123456789abcdef

 form 2 fields
 user = ada@example.com
 next = /home
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
