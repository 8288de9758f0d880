size 24 80 bodies
# an event, alone, under a chain of its own; the next one
g j j j j
:view messages
g j <Enter> l
----
── message 3 of 5  ↓  14:47:20.574  h l the one before, the next ───────────────
 json 90
 {
   "model": "gpt-4o",
   "choices": [
     {
       "index": 0,
       "delta": {
         "content": " is blue.\nSo is the sea."
       }
     }
   ]
 }









 q close  l tab  Tab pane  z zoom  / search  f filter  x raw  ? help
