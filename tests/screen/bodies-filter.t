size 24 80 bodies
# only the messages that have a text in them
g j j j j
:view messages
:filter sky
----
── 5  POST…pletions ── Messages  Answer  5 messages  ↑ 61  ↓ 419  1 with 'sky' ─
  TIME            SINCE  ↕   SIZE  MESSAGE
   14:47:20.474           ↓     80  {"model":"gpt-4o","choices":[{"index":0,"de…



















 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
