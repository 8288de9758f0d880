size 24 80
# Tab turns the text into a regex
* / 4 . 4 <Tab> <Enter>
----
── Search  /4.4  1 hit in 1 flow ───────────────────────────────────────────────
 FLOW                              WHERE            TEXT
 GET 127.0.0.1/404                 request          ….0.1:9292/404 HTTP/1.1



















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help       following
