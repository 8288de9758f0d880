size 24 80
g j j
:view content
m h e x <Enter>
----
── 3  GET http://127.0.0.1:9292/html ── Response body  Request body ────────────
 hex* 150
 00000000  3c 21 64 6f 63 74 79 70  65 20 68 74 6d 6c 3e 3c  <!doctype html><
 00000010  68 74 6d 6c 3e 3c 68 65  61 64 3e 3c 74 69 74 6c  html><head><titl
 00000020  65 3e 48 65 6c 6c 6f 3c  2f 74 69 74 6c 65 3e 3c  e>Hello</title><
 00000030  73 63 72 69 70 74 3e 76  61 72 20 61 20 3d 20 31  script>var a = 1
 00000040  20 3c 20 32 3b 3c 2f 73  63 72 69 70 74 3e 3c 2f   < 2;</script></
 00000050  68 65 61 64 3e 3c 62 6f  64 79 20 63 6c 61 73 73  head><body class
 00000060  3d 22 78 22 3e 3c 70 3e  48 69 20 3c 62 3e 74 68  ="x"><p>Hi <b>th
 00000070  65 72 65 3c 2f 62 3e 3c  69 6d 67 20 73 72 63 3d  ere</b><img src=
 00000080  22 61 2e 70 6e 67 22 3e  3c 2f 62 6f 64 79 3e 3c  "a.png"></body><
 00000090  2f 68 74 6d 6c 3e                                 /html>










 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
