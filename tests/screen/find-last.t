size 24 80 protocols
# after the last hit there is no next
:find_regex acme
G <Enter> n
----
── 5  GET api….com/socket ── ‹ Messages ›  7 messages  ↑ 78  ↓ 140 ─────────────
   14:47:23.267           ↑     37  {"op":"subscribe","channel":"prices"}
   14:47:23.294    +27ms  ↓     22  {"op": "ack", "id": 1}
   14:47:25.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of…
   14:47:27.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of…
 ▾ 14:47:29.294    +2.0s  ↓     31  {"t": "price", "v": 101.25, "up": true, "of…
     text, 31 bytes deflated, 132 without, not masked
     json 132
     {
       "t": "price",
       "v": 101.25,
       "up": true,
       "of": [
         "ACME",
         null
       ],
       "note": "a longer one, so that it does not fit into eighty columns"
     }
   14:47:29.295     +1ms  ↑     13  ping are you there
   14:47:29.299     +4ms  ↓     13  pong are you there
   14:47:29.999   +700ms  ↓     10  00 01 02 ff fe fd 20 50 4e 47
   14:48:30.999   +1m 1s  ↑     14  hello, plainly
 this is the last hit
