size 24 80
? G
----
── Help  q closes, / searches ──────────────────────────────────────────────────
                    ⚠              failed: the detail's overview says why
                    ⚠              a rule of its protocol was broken: the overvi
 ew says which
                    ✎              sent raw: as the bytes that were typed
                    ✎              edited: the overview says by whom
                    ↓              live: more may come
                    ≡              passed on unread, because soth learned to: th
 e overview says what from
                    ≡              passed on unread by policy: the overview says
  by which rule
                    ≡              a tunnel: bytes passed on as they came
                    ⌂              soth itself answered: no server was asked
                    ◌              not all of it was recorded
                    h2             HTTP/2 on both sides
                    h2             HTTP/2 with the client, HTTP/1 with the serve
 r
                    h2             HTTP/1 with the client, HTTP/2 with the serve
 r
                    ●              a person marked it, with this or another sign
                    ✎              a person said something of it: the overview h
 as it
 q close  l tab  Tab pane  z zoom  / search  f filter  ? help         following
