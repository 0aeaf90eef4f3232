"""Where the files lie that Dougong ships beside its code: templates, apps, migrations, the built web pages; reads none of them.

In a checkout they lie in its root; in an installed wheel, in `dougong/_shipped`. The checkout is asked first, as an editable
install has both and its copy may be old.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_SHIPPED = _PACKAGE / "_shipped"


def checkout() -> Path | None:
    """Return the root of the checkout this code runs from, None if it was installed from a wheel."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else None


def templates_library() -> Path:
    """Return the folder with one folder a template package."""
    return _folder("templates_library", "templates_library")


def apps() -> Path:
    """Return the folder of apps composed of library packages."""
    return _folder("apps", "apps")


def migrations() -> Path:
    """Return the Alembic folder of the system tables."""
    return _folder("migrations", "migrations")


def web() -> Path:
    """Return the folder of the built web pages; it has no `index.html` before the first build."""
    return _folder("web_designer/dist", "web")


def formula() -> Path:
    """Return the folder of the browser's formulas, built for Node: `answer.mjs` answers vectors."""
    return web() / ".node"


def _folder(in_checkout: str, in_wheel: str) -> Path:
    root = checkout()
    return root / in_checkout if root else _SHIPPED / in_wheel
