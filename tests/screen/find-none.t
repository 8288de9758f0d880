size 24 80
# nothing is found
:find nowhere to be seen
----
── Search  nowhere to be seen  0 hits in 0 flows ───────────────────────────────
 FLOW                              WHERE            TEXT
 None of 9 flows has it.



















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
