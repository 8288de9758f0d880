size 24 80
? G
----
── Help  q closes, / searches ──────────────────────────────────────────────────
                    html           HTML, a tag a line
                    xml            XML, a tag a line
                    form           form fields
                    multipart      parts, each with fields and a body
                    query          the fields after the ? of a URL
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
 r
 q close  l tab  Tab pane  z zoom  / search  m decoder  F follow      following
