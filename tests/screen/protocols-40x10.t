size 10 40 protocols
g j j
----
── Flows 11 ────────────────────────────
   METHOD  HOST    PATH         STATUS
   GET     …le.com /v2/u…page=4 404
   GET     …le.com /app/…min.js 200
   GRPC    …le.com /pkg.…s/List 7
 ↓ GRPC    …le.com /pkg.…/Watch 200
   WS      …le.com /socket      101
 ⚠ WS      …g:8088 /chat…/lobby 101
 ? help        h2 HTTP/2 on…
