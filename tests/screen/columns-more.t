size 24 80 protocols
# what there is no room for is reached with >
g
:columns id url took grpc header:server reqheader:user-agent cookie:sid query:page
> > >
----
── Flows 11 ────────────────────────────────────────────────────────────────────
              TOOK GRPC             server     user-agent sid        page
ers?page=4    41ms                                                   4
dle.min.js    12ms
Users/List    88ms PERMISSION_DENI…
ices/Watch   59.8s
com/socket   1m 7s
ooms/lobby    25ms
1/messages    <1ms
── 1  GET api.e…/users?page=4 ── Overview  Request  Response  Timing  TLS ──────
 URL             https://api.example.com/v2/users?page=4
 Method          GET
 Status          404
 Closed          mitm_http_completed

 Protocol
 Spoken          HTTP  a request and a response
 With client     HTTP/2, stream 5
 With server     HTTP/2, stream 3

 Sizes and times
 Request body    0 bytes
 Enter open  q close  l tab  z zoom  ? help  h2 HTTP/2 on both sides
