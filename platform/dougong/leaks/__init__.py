"""Whether an app tells anybody what they may not know: its document in, every leak through any exit of the platform out."""
