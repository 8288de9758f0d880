size 24 80
# in the flows that the filter takes
:filter ~m POST
:find json
----
── Search  json  2 hits in 1 flow  of ~m POST ──────────────────────────────────
 FLOW                              WHERE            TEXT
 POST 127.0.0.1/json/login         request          …0.1:9292/json/login HTTP/1…
 POST 127.0.0.1/json/login         response         …lication/json


















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
