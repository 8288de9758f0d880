size 40 120 bodies
g j j <Tab> l
:search session  
+
----
── Flows 1 of 6  ~hq "^cookie: *(.*; *)?session *= *0123456789abcdef *(;|\\r?$)" ───────────────────────────────────────
   TIME     METHOD     HOST                 PATH                            STATUS TYPE       SIZE    TOOK  WAIT▂ RECV█
   14:47:20 POST       api.example.com      /v2/login?next=%2Fhome          200   json         38    35ms  ▂▂▂█














── 3  POST api.example.com/v2/login?next=%2Fhome ── Overview  Request  Response  Timing  TLS ───────────────────────────
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
 the list shows only ~hq "^cookie: *(.*; *)?session *= *0123456789abcdef *(;|\\r?$)"
