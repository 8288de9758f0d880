size 10 40
g
----
── Flows 9 ─────────────────────────────
   METHOD  HOST    PATH         STATUS
   GET     …1:9292 /json        200
   GET     …1:9292 /gz          200
   GET     …1:9292 /html        200
   GET     …1:9292 /404         404
   GET     …1:9292 /evil        200
   GET     …1:9292 /json…=a%20b 200
 Enter open  q close  ? help
