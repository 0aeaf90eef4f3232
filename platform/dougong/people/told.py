"""What providers tell of themselves and of their keys: an address in, the JSON object there out, asked for once in a few minutes.

Kept in this process alone, for each site: at most `MOST_KEPT` answers, none longer than `KEPT_S`, each as large as `outgoing` lets it be.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from dougong.people.provider_errors import ProviderAnswerRefused
from dougong.sites import Site

if TYPE_CHECKING:
    from dougong.outgoing.fetch import Outgoing

KEPT_S = 300.0
FRESH_S = 10.0
"""How old something may be that has turned out not to fit, such as keys without the one that signed: asked for again sooner than that it is not."""
MOST_KEPT = 50


async def ask(site: Site, outgoing: Outgoing, url: str, what: str, oldest_s: float = KEPT_S) -> Mapping[str, Any]:
    """Return the object at an address, as old as may be; raises ProviderAnswerRefused, OutgoingRefused or OutgoingFailed.

    what: how it is called where it is refused.
    """
    kept = site.told
    found = kept.get(url)
    if found is not None and found[0] > monotonic() - oldest_s:
        return found[1]
    answer = await outgoing.get(url)
    if answer.status != 200:
        raise ProviderAnswerRefused(reason=f"{what}: HTTP {answer.status}")
    told = answer.json()
    kept.pop(url, None)
    while len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]
    kept[url] = (monotonic(), told)
    return told
