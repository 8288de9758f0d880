size 24 80
# three by hand, one of them left out again, then more by a filter; the mark is for all of them
g i i j i k i
:select ~c 404
:mark purple
----
