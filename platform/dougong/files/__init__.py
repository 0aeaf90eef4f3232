"""Files people upload: recognised, kept by content, shown small, and collected when nothing refers to them."""
