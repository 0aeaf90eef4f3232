"""One request, one transaction: from the changes somebody asks for to what was saved."""
