"""Pure interpreters: data in, data out. They know no clock, database, network or randomness, and never the runtime."""
