size 24 80
# a colour, a sign, both; a comment goes behind the path
g
:mark red
j * j j
:mark ★
j
:mark yellow !
:comment why so slow?
----
