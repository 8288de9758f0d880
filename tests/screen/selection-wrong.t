size 24 80
:select ~nothing
----
