size 10 40 handshakes
L j j <Tab>
----
── Why  java with soth, which calls plai
 the server speaks no TLS there  certain
    The server speaks no TLS on port
    443: it may be plain HTTP there.
    · what it answered to the handshake
    is no TLS
    –  have the client use http:// there
    t  pass this host on unread for 15 m
 q close  l tab  ? help       following
