
³
	old.protoold" 
Search
query (	Rquery!
hit (
2.old.Search.HitRhit
pages (BRpages
exact (:trueRexact'
Hit
url (	Rurl
at (Rat