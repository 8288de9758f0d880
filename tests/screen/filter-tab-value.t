size 24 80
# ... or with what its argument may be, whatever the case it is typed in
f ~ m <Space> p <Tab> <Tab>
----
── Flows 0 of 9  ~m PUT ────────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
The filter takes none of 9 flows: t shows them, f asks for another.






── Overview  Request  Response  Timing  TLS ────────────────────────────────────
 Nothing is chosen.
 Nothing is chosen.










filter: ~m PUT   the method
