size 24 80 protocols
# what a terminal must not hear, and the rule that was broken
g j j j j j
:view messages
j <Space>
----
── 6  GET old.…/rooms/lobby ── Messages  2 messages  ↑ 22  ↓ 98 ────────────────
  TIME            SINCE  ↕   SIZE  MESSAGE
   14:48:31.050           ↓     41  ^[]0;owned^G ^[[31mred^[[0m <202e> txet    …
 ▾ 14:48:31.050       +0  ↓     52  {"esc": "^[[2J", "bidi": "<202e>live", "wid…
     text, 52 bytes, not masked
     text 52
     {"esc": "^[[2J", "bidi": "<202e>live", "wide": "日本"}
   14:48:31.050       +0  ↓      5  ping 1b 63 0d 0a 08
   14:48:31.055     +5ms  ↑         ⚠ RFC 6455 section 5.1: the client sent a f…
   14:48:31.055       +0  ↑     22  close 1002 protocol error ^[[7mprotocol err…












 Enter open  q close  l tab  Tab pane  z zoom  / search  ? help
