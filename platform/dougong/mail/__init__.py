"""Mail: letters to people, queued in the transaction that causes them, sent after it, tried again, and kept when they cannot be sent."""
