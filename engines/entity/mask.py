"""A text that somebody may not read whole in, as much of it as they are shown out."""

STARS = "****"

KEPT = ((11, 3, 4), (5, 1, 1))
"""How much stays, the first that fits: of texts of at least so many characters, so many at the beginning and at the end."""


def mask(text: str) -> str:
    """Return a text with stars in the place of most of it; from the stars nobody can tell how long it is.

    >>> mask("13812345678"), mask("Chen Li"), mask("Li")
    ('138****5678', 'C****i', '****')
    """
    for length, first, last in KEPT:
        if len(text) >= length:
            return f"{text[:first]}{STARS}{text[-last:]}"
    return STARS
