"""Pictures: a file in, its size in pixels and a small picture of it out; refuses those that would fill the memory or are damaged."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from dougong.files.errors import FileDisguised, PictureDamaged, PictureTooLarge

MOST_PIXELS = 50_000_000
MOST_PIXELS_JPEG = 120_000_000
"""Photographs may have more: they are unpacked at an eighth of their size."""
SMALL = (320, 320)
SMALL_TYPE = "image/webp"
_FORMATS = {
    "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP", "image/bmp": "BMP", "image/tiff": "TIFF",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """How large a picture is as people see it, and the small one, in WebP, turned upright, without what the camera wrote into it."""

    width: int
    height: int
    small: bytes


def read_picture(content: IO[bytes], kind: str, name: str) -> Picture:
    """Return what a picture is like; raises PictureTooLarge before it is unpacked, PictureDamaged, FileDisguised."""
    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pixels are counted here
            with Image.open(content, formats=(_FORMATS[kind],)) as opened:
                width, height = opened.size
                most = MOST_PIXELS_JPEG if kind == "image/jpeg" else MOST_PIXELS
                if width * height > most:
                    raise PictureTooLarge(name=name, width=width, height=height, limit=most // 1_000_000)
                turned = opened.getexif().get(0x0112, 1) in (5, 6, 7, 8)
                # Made small before anything else: each step over the whole of it would take as much room again.
                whole = opened.convert("RGBA") if opened.mode in ("P", "1", "I", "I;16", "F", "CMYK") else opened
                whole.thumbnail(SMALL, reducing_gap=2.0)
                upright = ImageOps.exif_transpose(whole)
                return Picture(*((height, width) if turned else (width, height)), _small(upright))
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(name=name, width="?", height="?", limit=MOST_PIXELS // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise FileDisguised(name=name, found={"zh-CN": "无法识别的数据", "en": "nothing that can be recognised"}) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise PictureDamaged(name=name) from error


def _small(picture: Image.Image) -> bytes:
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    made = picture.convert("RGBA" if has_alpha else "RGB")
    # A new picture: nothing that was written into the old one comes along.
    clean = Image.new(made.mode, made.size)
    clean.paste(made)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
