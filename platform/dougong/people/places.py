"""Where somebody goes after signing in: what an address asks for in, a place of this product out, never another site's; pure."""

import re

_INNER = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
LONGEST = 2000


def inner_place(wanted: str) -> str:
    """Return the place that is wanted if it is one of this product, else its start.

    >>> inner_place("/apps/crm?x=1#y"), inner_place("//evil.example"), inner_place("https://evil.example"), inner_place("/\\\\evil")
    ('/apps/crm?x=1#y', '/', '/', '/')
    """
    return wanted if len(wanted) <= LONGEST and _INNER.fullmatch(wanted) else "/"
