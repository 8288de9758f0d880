size 24 80 bodies
# what came before a failure is shown, and where it failed
g j
:view content
----
── 2  GET cdn.example.com/cut.txt ── Response body  Request body ───────────────
 ✗ gzip 99 › text 600  cut off: the compressed data has no end
 ahovcjqxelszgnubipwdkryfmtahovcjqxelszg
 ubipwdkryfmtahovcjqxelszgnubipwdkryfmta
 ovcjqxelszgnubipwdkryfmtahovcjqxelszgnu
 ipwdkryfmtahovcjqxelszgnubipwdkryfmtaho
 cjqxelszgnubipwdkryfmtahovcjqxelszgnubi
 wdkryfmtahovcjqxelszgnubipwdkryfmtahovc
 qxelszgnubipwdkryfmtahovcjqxelszgnubipw
 kryfmtahovcjqxelszgnubipwdkryfmtahovcjq
 elszgnubipwdkryfmtahovcjqxelszgnubipwdk
 yfmtahovcjqxelszgnubipwdkryfmtahovcjqxe
 szgnubipwdkryfmtahovcjqxelszgnubipwdkry
 mtahovcjqxelszgnubipwdkryfmtahovcjqxels
 gnubipwdkryfmtahovcjqxelszgnubipwdkryfm
 ahovcjqxelszgnubipwdkryfmtahovcjqxelszg
 ubipwdkryfmtahovcjqxelszgnubipwdkryfmta





 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
