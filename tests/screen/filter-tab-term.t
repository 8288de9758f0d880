size 24 80
# ... of the last term of a longer expression
:filter ~m POST
f <Space> & <Space> ~ d <Tab> <Tab>
----
── Flows 0 of 9  ~m POST & ~dns ────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
The filter takes none of 9 flows: t shows them, f asks for another.






── Overview  Request  Response  Timing  TLS ────────────────────────────────────
 Nothing is chosen.
 Nothing is chosen.










filter: ~m POST & ~dns   DNS datagrams
