size 24 80 bodies
# a line of the overview
g <Tab>
:search Method
+
----
── Flows 2 of 6  ~m ^GET$ ──────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
   GET        …example.com /v2/users…&sort=name 200   json        152    35ms
   GET        …example.com /cut.txt             200   text         99    35ms





── 1  GET api.e…e=4&sort=name ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v2/users?page=4&sort=name
 Method          GET
 Status          200 OK
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Request body    0 bytes
 the list shows only ~m ^GET$
