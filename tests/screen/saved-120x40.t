size 40 120
:filter ~c 4xx
* e r r o r s <Enter>
:filter ~m GET
!
:sort -took
:columns time host path header:server took
* s l o w <Space> o n e s <Enter>
0 V j
----
── Saved views  2 ──────────────────────────────────────────────────────────────────────────────────────────────────────
    NAME             SORTED BY    FILTER                                     COLUMNS
  1  errors                        ~c 4xx
  2  slow ones        -took        !(~m GET)                                  time host path header:server took

 * saves what the list shows. Its number brings it back, from everywhere;
 0 shows all flows, as they came.































 Enter open  q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  ? help
