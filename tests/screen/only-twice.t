size 24 80 bodies
# to the filter that is there
:filter ~m POST | ~c 204
g + p
- m
----
── Flows 0 of 6  (~m POST | ~c 204) & ~u "^[^/]*//[^/]*/v2/login([?#]|$)" & !~m
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
The filter takes none of 6 flows: t shows them, f asks for another.






── Overview  Request  Response  Timing  TLS ────────────────────────────────────
 Nothing is chosen.
 Nothing is chosen.










 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
