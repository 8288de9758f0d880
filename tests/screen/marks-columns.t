size 24 80
# columns and an order of what a person said
g
:mark red
j j
:mark :star:
:comment look
:set columns=id mark method path comment
:sort -mark
----
── Flows 9  by -mark ───────────────────────────────────────────────────────────
       ID    METHOD  PATH                               COMMENT
        1 ●  GET     /json
        3 ★  GET     /html                              look
        2    GET     /gz
        4    GET     /404
        5    GET     /evil
        6    GET     /json?page=4&q=a%20b
        7    POST    /json/login
── 3  GET http:…0.1:9292/html ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:9292/html
 Method          GET
 Status          200 OK
 Marked          :star:
 Comment         look
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Enter open  q close  ? help       ● a person marked it, with this …
