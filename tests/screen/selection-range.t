size 24 80
g j i j j j I y
----
