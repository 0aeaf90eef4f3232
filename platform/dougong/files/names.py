"""Names of files: what a browser or a program sent in, a name that is harmless on every system and in every header out."""

import unicodedata

LONGEST = 200
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
_FORBIDDEN = frozenset('<>:"|?*')


def safe_name(sent: str) -> str:
    """Return the last part of a path, without what no system takes, shows what is not there, or turns letters round.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\temp\\\\a.txt"), safe_name("inv\\u202ecod.exe"), safe_name("NUL.txt")
    ('passwd', 'a.txt', 'invcod.exe', '_NUL.txt')
    >>> safe_name(" . "), len(safe_name("x" * 500 + ".pdf")), safe_name("x" * 500 + ".pdf")[-4:]
    ('file', 200, '.pdf')
    """
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in _FORBIDDEN)
    name = " ".join(kept.split()).strip(" .")
    if not name:
        return "file"
    if name.partition(".")[0].strip().lower() in _RESERVED:
        name = f"_{name}"
    return _shortened(name)


def extension_of(name: str) -> str:
    """Return the extension of a name in lower case with its dot, empty when there is none.

    >>> extension_of("Offer.PDF"), extension_of("README"), extension_of(".profile")
    ('.pdf', '', '')
    """
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem and last else ""


def _shortened(name: str) -> str:
    ending = extension_of(name)[:20]
    while len(name) > LONGEST or len(name.encode()) > LONGEST:
        name = name[: -len(ending) - 1] + name[len(name) - len(ending) :] if ending else name[:-1]
    return name
