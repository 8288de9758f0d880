size 24 80 demo
# by status
:group status
<Enter>
----
── Tree by status, 9 flows ─────────────────────────────────────────────────────
   NAME                        FLOWS  FAILED  STATUS      SIZE    TOOK      LAST
 ▾ (none)                          1       1  ░░░░░░░░       0    31ms  14:47:20
     TLS     127.0.0.1            #9  failed  –              0    31ms  14:47:20
 ▸ 200                             6          ████████    4.9k   166us  14:47:20
 ▸ 404                             1          ████████       4    <1ms  14:47:20
 ▸ 502                             1       1  ████████     113    <1ms  14:47:20















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
