size 24 80
g j j l l <Enter> z
----
── 3  GET http:…0.1:9292/html ── Overview  Request  Response  Timing  TLS ──────
 HTTP/1.1 200 OK
 Server: BaseHTTP/0.6 Python/3.11.7
 Date: Tue, 24 Nov 2026 14:47:20 GMT
 Content-Type: text/html; charset=utf-8
 Content-Length: 150

 html 150 › javascript 14
 <!doctype html>
 <html>
   <head>
     <title>Hello</title>
     <script>
       var a = 1 < 2;
     </script>
   </head>
   <body class="x">
     <p>Hi
       <b>there</b>
       <img src="a.png">
   </body>
 </html>
 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
