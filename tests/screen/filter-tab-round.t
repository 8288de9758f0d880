size 24 80
# Behind the last of them comes what was typed
f ~ s i d e <Space> <Tab> <Tab> <Tab>
----
── Flows 0 of 9  ~side server ──────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
The filter takes none of 9 flows: t shows them, f asks for another.






── Overview  Request  Response  Timing  TLS ────────────────────────────────────
 Nothing is chosen.
 Nothing is chosen.










filter: ~side    with whom a TLS handshake failed: client, server
