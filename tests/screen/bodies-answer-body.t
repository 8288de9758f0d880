size 24 80 bodies
# ... and as a body
g j j j j
:view content
h h
----
── 5  POST ll…ompletions ── Response body  Request body  Messages  Answer ──────
 llm 5 events
 api     chat completions
 model   gpt-4o
 finish  stop
 tokens  12 in  9 out
 events  5
 text
   The sky is blue.
   So is the sea.
 raw events: decoder sse











 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
