size 24 80 bodies
# without a schema: guesses
g j j j
:view content
l
----
── 4  POST shop.example.com/order ── Response body  Request body ───────────────
 protobuf 21
 1: 150
 2: "hello"
 3 {
   1: 1  true
   2: 2
 }
 4: ff fe 01  3 bytes













 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
