size 24 80
# what was saved under numbers, to choose from
:filter ~c 4xx
* e r r o r s <Enter>
:filter ~m GET
!
:sort -took
:columns time host path header:server took
* s l o w <Space> o n e s <Enter>
0 V j
----
── Saved views  2 ──────────────────────────────────────────────────────────────
    NAME             SORTED BY    FILTER
  1  errors                        ~c 4xx
  2  slow ones        -took        !(~m GET)

 * saves what the list shows. Its number brings it back, from everywhere;
 0 shows all flows, as they came.















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
