size 40 120 protocols
# with a column for each class
T <Enter>
----
── Tree by host and path, 11 flows ─────────────────────────────────────────────────────────────────────────────────────
   NAME                                    FLOWS  FAILED  STATUS      2xx    3xx    4xx    5xx    SIZE    TOOK      LAST
 ▾ 9.9.9.9:53                                  1          ░░░░░░░░                                  74    18ms  14:48:31
     UDP                                     #10          –                                         74    18ms  14:48:31
 ▸ api.example.com                             4          ████████      2             1            358   22.6s  14:47:23
 ▸ cdn.example.com                             1          ████████      1                           21    12ms  14:47:20
 ▸ llm.example.com                             1          ████████      1                          274          14:48:31
 ▸ logs.example.com                            1          ████████      1                           62     5ms  14:48:31
 ▸ mail.example.com:25                         1          ░░░░░░░░                                  73    13ms  14:48:31
 ▸ old.example.org:8088                        1       1  ████████                                 120    25ms  14:48:31
 ▸ video.example.com                           1          ░░░░░░░░                                  29          14:48:31



























 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  b group by  m decoder  F follow  ? help    following
