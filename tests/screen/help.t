size 24 80
? G
----
── Help  q closes, / searches ──────────────────────────────────────────────────
                    msgpack        MessagePack: maps, arrays, extensions, timest
 amps
                    cbor           CBOR, and sequences of it
                    dns            DNS messages, as over HTTPS
                    socketio       Socket.IO and Engine.IO packets
                    mqtt           MQTT packets, as over WebSockets
                    image          what an image is, and a picture of it
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
 q close  l tab  Tab pane  z zoom  / search  m decoder  ? help        following
