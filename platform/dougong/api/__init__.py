"""HTTP: parses a request, calls the platform, answers; thin, and the only place that knows status codes and headers."""
