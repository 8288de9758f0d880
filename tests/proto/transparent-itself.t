# transparent: one that was not turned to us goes nowhere
mode transparent
start
