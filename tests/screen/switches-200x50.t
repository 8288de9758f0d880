size 50 200 protocols
S
----
── Switches  all at their defaults ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 SWITCH                    NOW       DEFAULT   WHAT IT DOES
 http2                     on        on        speak HTTP/2; no: HTTP/1.1 alone
 websocket                 on        on        read WebSocket messages; no: they pass as bytes
 http3-passthrough         on        on        leave Alt-Svc as it is and pass QUIC on; no: strip what announces HTTP/3, and drop QUIC
 rawtcp                    on        on        pass on what is not HTTP; no: close it
 stream-large-bodies       32m       32m       record this much of each body; the rest passes on unrecorded
 store-streamed-bodies     off       off       record all of each body, whatever stream-large-bodies says
 body-size-limit           0         0         refuse bodies larger than this; 0: none
 policy                    intercept intercept intercept, tunnel or block connections
 validate-inbound-headers  on        on        refuse messages whose heads break the rules; no: mend what can be read in one way only
 ssl-insecure              off       off       do not verify servers' certificates

 Space turns one over, or asks for its value. For some hosts alone:
 :set http2@*.example.com=off
 They hold from the next connection or request on.
































 q close  l tab  Tab pane  z zoom  / search  f filter  m decoder  F follow  y copy  e edit  D edits  Space toggle  : command  ? help  Q quit                                                  following
