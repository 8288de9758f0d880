size 24 80
j
D
----
── Edits of flow 9 ─────────────────────────────────────────────────────────────
 Request  as it came
 Response  as it came



















 q close  l tab  Tab pane  z zoom  / search  f filter  ? help
