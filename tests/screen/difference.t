size 24 80
# two that were selected: their answers
g , ,
d
----
── Answers of flow 1 and flow 2 ────────────────────────────────────────────────
 different
   $.users: is no more
 headers  content-encoding
   + gzip
 body     $.users
   - [{"id": 0, "name": "Ada 0", "tags": ["x", "y"], "ok": true, "n": null}, {"i
   d": 1, "name": "Ada 1", "tags": ["x", "y"], "ok": true, "n": null}, {"id": 2,
    "name": "Ada 2", "tags": ["x", "y"], "ok": true, "n": null}, {"id": 3, "name
   ": "Ada 3", "tags": ["x", "y"], "ok": true, "n": null}, {"id": 4, "name": "Ad
   a 4", "tags": ["x", "y"], "ok": true, "n": null}, {"id": 5, "name": "Ada 5",
   "tags": ["x", "y"], "ok": true, "n": null}, {"id": 6, "name": "Ada 6", "tags"
   : ["x", "y"], "ok": true, "n": null}, {"id": 7, "name": "Ada 7", "tags": ["x"
   , "y"], "ok": true, "n": null}, {"id": 8, "name": "Ada 8", "tags": ["x", "y"]
   , "ok": true, "n": null}, {"id": 9, "name": "Ada 9", "tags": ["x", "y"], "ok"
   : true, "n": null}, {"id": 10, "name": "Ada 10", "tags": ["x", "y"], "ok": tr
   ue, "n": null}, {"id": 11, "name": "Ada 11", "tags": ["x", "y"], "ok": true,
   "n": null}, {"id": 12, "name": "Ada 12", "tags": ["x", "y"], "ok": true, "n":
    null}, {"id": 13, "name": "Ada 13", "tags": ["x", "y"], "ok": true, "n": nul
   l}, {"id": 14, "name": "Ada 14", "tags": ["x", "y"], "ok": true, "n": null},
   {"id": 15, "name": "Ada 15", "tags": ["x", "y"], "ok": true, "n": null}, {"id
   ": 16, "name": "Ada 16", "tags": ["x", "y"], "ok": true, "n": null}, {"id": 1
 q close  l tab  Tab pane  z zoom  / search  f filter  ? help
