size 24 80 demo
# only this
T <Enter> j j + q
----
── Flows 1 of 9  ~dst "^127\\.0\\.0\\.1:1$" & ~u "(?-i)^[^/]*//[^/]*/([/?]|$)" ─
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
 ⚠ GET        127.0.0.1:1  /                    502   html        113    <1ms






── 8  GET http://127.0.0.1:1/ ── Overview  Request  Response  Timing  TLS ──────
 URL             http://127.0.0.1:1/
 Method          GET
 Status          502 Bad Gateway
 Answer broken   127.0.0.1:1: Connection refused
 Closed          upstream_connect_failed: 127.0.0.1:1: Connection refused

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/1.1
 With server     HTTP/1.1

 Sizes and times
 Enter open  q close  ? help       ⚠ 127.0.0.1:1: Connection refused  following
