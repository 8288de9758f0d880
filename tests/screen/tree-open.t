size 24 80 demo
# a host opens
T <Enter> j j <Space>
----
── Tree by host and path, 9 flows ──────────────────────────────────────────────
   NAME                        FLOWS  FAILED  STATUS      SIZE    TOOK      LAST
 ▾ 127.0.0.1:1                     1       1  ████████     113    <1ms  14:47:20
   ▸ /                             1       1  ████████     113    <1ms  14:47:20
 ▸ 127.0.0.1:9292                  8       1  ███████░    4.9k     4ms  14:47:20

















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
