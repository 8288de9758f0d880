size 24 80
# there is nothing
V <Enter>
----
── Saved views  none yet ───────────────────────────────────────────────────────
    NAME             SORTED BY    FILTER

 * saves what the list shows. Its number brings it back, from everywhere;
 0 shows all flows, as they came.

















 no view is on this line: j and k go to one
