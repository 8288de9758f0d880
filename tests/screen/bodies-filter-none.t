size 24 80 bodies
g j j j j
:view messages
:filter ~q
----
── 5  POST…pletions ── Messages  Answer  5 messages  ↑ 61  ↓ 419  0 with '~q' ──
  TIME            SINCE  ↕   SIZE  MESSAGE
 None of its messages has '~q' in it: f and Enter show them all.



















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
