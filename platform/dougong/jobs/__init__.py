"""Background work: what a transaction left to be done after it, and when."""
