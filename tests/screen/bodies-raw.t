size 24 80 bodies
# as it was recorded
g
:view content
x
----
── 1  GET api.example.…rs?page=4&sort=name ── Response body  Request body ──────
 chunked 152 › gzip 152 › json 903
 00000000  1f 8b 08 00 00 00 00 00  02 03 a5 d2 bb 0e 82 40  ...............@
 00000010  10 85 e1 57 31 a7 de 90  9d d9 fb be 0a a1 58 22  ...W1.........X"
 00000020  21 14 5a 88 54 c4 77 97  4a 33 74 3a cd c9 a9 be  !.Z.T.w.J3t:....
 00000030  ea ef 77 2c 57 54 9f 88  0c ee ed 36 a1 62 5b a7  ..w,WT.....6.b[.
 00000040  c7 c5 c2 e0 d9 e6 15 b5  47 3b fe 88 e1 98 65 46  ........G;....eF
 00000050  25 76 3e c4 94 8b fd be  8e ec cb 7c 28 96 14 29  %v>........|(..)
 00000060  28 27 29 56 50 5e 52 4e  41 05 49 79 05 15 25 15  (')VP^RNA.Iy..%.
 00000070  14 54 92 54 54 50 59 52  49 41 15 49 e5 ff 29 b6  .T.TTPYRIA.I..).
 00000080  92 2a 0a ea 54 3b 29 72  e7 73 ee bf f7 3e bc 01  .*..T;)r.s...>..
 00000090  83 f9 3f 96 87 03 00 00                           ..?.....










 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
