"""Who asks and what they may: actor and policies in, Access out."""
