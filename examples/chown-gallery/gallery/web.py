"""The pages of the gallery."""

from pathlib import Path

from bottle import Bottle, HTTPResponse, static_file

from gallery.thumbnails import thumbnail

PICTURES = Path("pictures")
THUMBNAILS = Path("thumbnails")

app = Bottle()


@app.get("/")
def index() -> str:
    """Show all pictures."""
    names = sorted(path.name for path in PICTURES.glob("*.png"))
    shown = "".join(f'<a href="/full/{name}"><img src="/small/{name}"></a>' for name in names)
    return f'<!doctype html><link rel="stylesheet" href="/static/style.css"><main>{shown}</main>'


@app.get("/small/<name>")
def small(name: str) -> HTTPResponse:
    """Send a thumbnail."""
    made = thumbnail(PICTURES / Path(name).name, THUMBNAILS)
    return static_file(made.name, root=str(THUMBNAILS))


@app.get("/full/<name>")
def full(name: str) -> HTTPResponse:
    """Send a picture."""
    return static_file(name, root=str(PICTURES))


@app.get("/static/<name>")
def static(name: str) -> HTTPResponse:
    """Send a style sheet."""
    return static_file(name, root="gallery/static")
