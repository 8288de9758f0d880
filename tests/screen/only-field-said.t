size 24 80 bodies
# what it came to, where the list is not in sight; a value with what means something in an expression
g j j
:view request
j j -
----
── 4  POST shop.example.com/order ── Request  Overview ─────────────────────────
 POST /order HTTP/1.1
 Host: shop.example.com
 Content-Type: application/x-protobuf

 protobuf 21
 1: 150
 2: "hello"
 3 {
   1: 1  true
   2: 2
 }
 4: ff fe 01  3 bytes









 the list shows all but ~hq "^Authorization: Basic YWRhOnNlY3JldA==\\r?$"
