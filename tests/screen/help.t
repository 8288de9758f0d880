size 24 80
? G
----
── Help  q closes, / searches ──────────────────────────────────────────────────
                    response       its response
                    content        its bodies alone, as far as they were recorde
 d
                    help           all keys and actions
                    log            what soth itself had to say

 Decoders, for m
                    json           JSON, laid out; several values too
                    html           HTML, a tag a line
                    xml            XML, a tag a line
                    form           form fields
                    multipart      parts, each with fields and a body
                    query          the fields after the ? of a URL
                    text           text in its character set, line by line
                    hex            every byte, in hexadecimal

 Marks in the list
                    ↓            live: more may come
                    ⚠            failed: the detail's overview says why
                    ≡            a tunnel: bytes passed on as they came
                    ◌            not all of a body was recorded
 q close  l tab  Tab pane  z zoom  / search  m decoder  F follow      following
