size 24 80 bodies
# text that the line of a message is too short to show is found all the same
g j j j j
:view messages
g
:search completion_tokens
----
── 5  POST…pletions ── Messages  Answer  5 messages  ↑ 61  ↓ 419 ───────────────
  TIME            SINCE  ↕   SIZE  MESSAGE
   14:47:20.374           ↓     92  {"model":"gpt-4o","choices":[{"index":0,"de…
   14:47:20.474   +100ms  ↓     80  {"model":"gpt-4o","choices":[{"index":0,"de…
   14:47:20.574   +100ms  ↓     98  {"model":"gpt-4o","choices":[{"index":0,"de…
   14:47:20.674   +100ms  ↓    135  {"model":"gpt-4o","choices":[{"index":0,"de…
   14:47:20.774   +100ms  ↓     14  [DONE]















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
