size 24 80
g i i i U X
----
