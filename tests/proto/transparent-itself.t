# transparent: one that was not turned to us goes nowhere
mode transparent
start
	note flow tcp  0
	note gone route_planner_failed "transparent: nothing was turned to us here: the client called soth itself"
	close 0
	over
