size 24 80
# an expression that takes nothing says so
:filter ~d nowhere
----
── Flows 0 of 9  ~d nowhere ────────────────────────────────────────────────────
   METHOD     HOST         PATH                 STATUS TYPE       SIZE    TOOK
The filter takes none of 9 flows: t shows them, f asks for another.






── Overview  Request  Response  Timing  TLS ────────────────────────────────────
 Nothing is chosen.
 Nothing is chosen.










 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
