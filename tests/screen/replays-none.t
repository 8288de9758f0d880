size 24 80
P
----
── Replays ─────────────────────────────────────────────────────────────────────
      FLOW→NEW     STATE    STATUS   TIME            SIZE            ANSWER
 Nothing was sent again: r sends this flow or those selected, :replay 10 ten ti…



















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
