"""Where the server listens: settings in, nothing out where it may listen there; binds the place for a moment, keeps it never."""

from __future__ import annotations

import socket

from dougong.errors import PlatformError
from dougong.settings import Settings


class PlaceTaken(PlatformError):
    """Nobody can listen at the address and port of the settings; `reason` is the system's word."""

    code = "server-place-taken"
    title = {"zh-CN": "无法监听该地址和端口", "en": "The server cannot listen at its address and port"}
    sentence = {
        "zh-CN": "无法监听 {where}：{reason}。请停止占用者，或用 DOUGONG_PORT、DOUGONG_HOST 另选地址。",
        "en": "Cannot listen at {where}: {reason}. Stop what runs there, or choose another address with DOUGONG_PORT and DOUGONG_HOST.",
    }
    status = 503


def see_that_it_is_free(settings: Settings) -> None:
    """Raise PlaceTaken if the server could not listen, so that a start that must fail makes nothing first."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as refused:
        host = f"[{settings.host}]" if family == socket.AF_INET6 else settings.host
        reason = str(refused.strerror).partition(" (while ")[0]  # Python says the address once more
        raise PlaceTaken(where=f"{host}:{settings.port}", reason=reason) from refused
