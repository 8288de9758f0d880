size 24 80 bodies
# n is of the pane again, once something else is sought there
:find getuser
<Enter>
:search 42
N
----
── 6  POST api.…e.com/graphql ── Overview  Request  Response  Timing  TLS ──────
 POST /graphql HTTP/1.1
 Host: api.example.com
 Content-Type: application/json

 graphql query GetUser › json 9
 query GetUser
   query GetUser($id: ID!) {
     user(id: $id) { name }
   }
 variables
   {
     "id": 42
   }








 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
