size 24 80
? G
----
── Help  q closes, / searches ──────────────────────────────────────────────────
                    http           HTTP/1 messages, as of a batch
                    csv            rows of fields, separated by commas or tabs
                    hls            a playlist of media: tags and URIs
                    uris           a list of URIs, one a line
                    grpc           messages of gRPC, gRPC-Web and Connect
                    protobuf       Protocol Buffers, with or without a schema
                    text           text, line by line
                    hex            every byte, in hexadecimal

 Marks in the list
                    ⚠              failed: the detail's overview says why
                    ⚠              a rule of its protocol was broken: the overvi
 ew says which
                    ↓              live: more may come
                    ≡              a tunnel: bytes passed on as they came
                    ◌              not all of it was recorded
                    h2             HTTP/2 on both sides
                    h2             HTTP/2 with the client, HTTP/1 with the serve
 r
                    h2             HTTP/1 with the client, HTTP/2 with the serve
 r
 q close  l tab  Tab pane  z zoom  / search  m decoder  ? help        following
