size 24 80
# where no mark is left there is no column
g * j ; x <Enter>
k * j ; <BS> <Enter>
----
