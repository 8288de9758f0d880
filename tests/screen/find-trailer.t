size 24 80 protocols
# a hit in a trailer
:find no right
<Enter>
----
── 3  POST…ers/List ── Overview  Request  Response  Messages  Timing  TLS ──────
 HTTP/2 200
 content-type: application/grpc
 grpc-encoding: gzip

 grpc 1 message › protobuf 9
 message 1  9 bytes
   1: "account"

 trailers
 grpc-status: 7
 grpc-message: no right to %22list%22










 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
