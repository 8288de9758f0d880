size 24 80 protocols
S j j <Space>
:set http2@*.example.com=no
:set stream-large-bodies=1m
g j <Space>
----
── Switches  3 not at the default ──────────────────────────────────────────────
 SWITCH                    NOW       DEFAULT   WHAT IT DOES
 http2                     on        on        speak HTTP/2; no: HTTP/1.1 alone
   *.example.com           on
 websocket                 off       on        read WebSocket messages; no:
                                               they pass as bytes
 http3-passthrough         on        on        leave Alt-Svc as it is and pass
                                               QUIC on; no: strip what
                                               announces HTTP/3, and drop QUIC
 rawtcp                    on        on        pass on what is not HTTP; no:
                                               close it
 stream-large-bodies       1m        32m       record this much of each body;
                                               the rest passes on unrecorded
 store-streamed-bodies     off       off       record all of each body,
                                               whatever stream-large-bodies
                                               says
 body-size-limit           0         0         refuse bodies larger than this;
                                               0: none
 policy                    intercept intercept intercept, tunnel or block
                                               connections
 validate-inbound-headers  on        on        refuse messages whose heads
                                               break the rules; no: mend what
 set http2@*.example.com=yes
