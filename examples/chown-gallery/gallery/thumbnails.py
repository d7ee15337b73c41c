"""Small versions of pictures."""

from pathlib import Path

from PIL import Image

SIZE = (240, 240)


def thumbnail(picture: Path, folder: Path) -> Path:
    """Return the small version of a picture, made when it is not there."""
    small = folder / f"{picture.stem}.jpg"
    if not small.exists():
        with Image.open(picture) as opened:
            image = opened.convert("RGB")
            image.thumbnail(SIZE)
            image.save(small, quality=80)
    return small
