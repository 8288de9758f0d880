size 40 120 protocols
# by connection
:group connection
<Enter>
----
── Tree by connection, 11 flows ────────────────────────────────────────────────────────────────────────────────────────
   NAME                                    FLOWS  FAILED  STATUS      2xx    3xx    4xx    5xx    SIZE    TOOK      LAST
 ▾ #1  127.0.0.1                               1          ████████                    1             24    41ms  14:47:20
     GET     api.example.…/users?page=4       #1          404                                       24    41ms  14:47:20
 ▸ #2  127.0.0.1                               1          ████████      1                           21    12ms  14:47:20
 ▸ #3  127.0.0.1                               1          ████████      1                           26    88ms  14:47:20
 ▸ #4  127.0.0.1                               1          ████████      1                           90          14:47:20
 ▸ #5  127.0.0.1                               1          ████████                                 218   1m 7s  14:47:23
 ▸ #6  127.0.0.1                               1       1  ████████                                 120    25ms  14:48:31
 ▸ #7  127.0.0.1                               1          ████████      1                          274          14:48:31
 ▸ #8  127.0.0.1                               1          ████████      1                           62     5ms  14:48:31
 ▸ #9  127.0.0.1                               1          ░░░░░░░░                                  29          14:48:31
 ▸ #10  127.0.0.1                              1          ░░░░░░░░                                  74    18ms  14:48:31
 ▸ #11  127.0.0.1                              1          ░░░░░░░░                                  73    13ms  14:48:31
























 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  b group by  m decoder  F follow  ? help    following
