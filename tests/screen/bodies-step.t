size 24 80 bodies
# what the step before gave out, as it is
g
:view content
[
----
── 1  GET api.example.…rs?page=4&sort=name ── Response body  Request body ──────
 chunked 152 › gzip 152 › json 903
 [{"id":4711,"name":"user 0","tags":["a","b"],"big":12345678901234567890.10},{"i
 d":4712,"name":"user 1","tags":["a","b"],"big":12345678901234567890.10},{"id":4
 713,"name":"user 2","tags":["a","b"],"big":12345678901234567890.10},{"id":4714,
 "name":"user 3","tags":["a","b"],"big":12345678901234567890.10},{"id":4715,"nam
 e":"user 4","tags":["a","b"],"big":12345678901234567890.10},{"id":4716,"name":"
 user 5","tags":["a","b"],"big":12345678901234567890.10},{"id":4717,"name":"user
  6","tags":["a","b"],"big":12345678901234567890.10},{"id":4718,"name":"user 7",
 "tags":["a","b"],"big":12345678901234567890.10},{"id":4719,"name":"user 8","tag
 s":["a","b"],"big":12345678901234567890.10},{"id":4720,"name":"user 9","tags":[
 "a","b"],"big":12345678901234567890.10},{"id":4721,"name":"user 10","tags":["a"
 ,"b"],"big":12345678901234567890.10},{"id":4722,"name":"user 11","tags":["a","b
 "],"big":12345678901234567890.10}]








 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
