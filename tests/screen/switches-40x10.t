size 10 40 protocols
S j
----
── Switches  all at their defaults ─────
 SWITCH                    NOW       DEF
 http2                     on        on
 websocket                 on        on
 http3-passthrough         on        on
 rawtcp                    on        on
 stream-large-bodies       32m       32m
 store-streamed-bodies     off       off
 q close  l tab  ? help       following
