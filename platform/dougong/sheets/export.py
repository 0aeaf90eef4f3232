"""Lists as files: batches of JSON records and the columns in, the bytes of an XLSX or CSV file out, written by a process of its own."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import orjson

PROGRAM = Path(__file__).with_name("write_sheet.py")
CONTENT_TYPES: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""The formats of files, with their media types."""
_PIECE = 1 << 17


async def write_file(
    form: str, sheet: str, columns: list[dict[str, Any]], batches: AsyncIterator[list[bytes]]
) -> AsyncGenerator[bytes]:
    """Give a file piece by piece. What goes wrong before its first piece is raised before it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(PROGRAM), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    spec = {"format": form, "sheet": sheet, "columns": columns}
    feeding = asyncio.create_task(_feed(process.stdin, orjson.dumps(spec), batches))
    # A program that is fed no more would wait for ever: it goes, and what went wrong is raised below.
    feeding.add_done_callback(lambda done: _end(process) if done.cancelled() or done.exception() else None)
    try:
        while piece := await process.stdout.read(_PIECE):
            yield piece
        await feeding
        if await process.wait() != 0:
            raise RuntimeError(f"the program that writes files ended with {process.returncode}")
    finally:
        feeding.cancel()
        await asyncio.wait([feeding])
        _end(process)
        await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


async def _feed(stdin: asyncio.StreamWriter, spec: bytes, batches: AsyncIterator[list[bytes]]) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(spec + b"\n")
        async for batch in batches:
            stdin.write(b"\n".join(batch) + b"\n")
            await stdin.drain()
        stdin.close()


def sheet_name(text: str) -> str:
    """Return a name that a sheet of XLSX may have.

    >>> sheet_name("订单[2026]: a/b")
    '订单 2026 a b'
    """
    kept = "".join(" " if letter in "[]:*?/\\'" else letter for letter in text)
    return " ".join(kept.split())[:31] or "list"
