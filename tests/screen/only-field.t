size 24 80 bodies
# a field of the head that the cursor is on
g j j
:view request
j j j +
q
----
── Flows 1 of 6  ~hq "^Cookie: theme=dark; session=0123456789abcdef\\r?$" ──────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   POST       …example.com /v2/login…xt=%2Fhome 200   json         38    35ms






── 3  POST api.…?next=%2Fhome ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v2/login?next=%2Fhome
 Method          POST
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    35 bytes
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
