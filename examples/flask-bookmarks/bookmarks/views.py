"""The pages."""

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from bookmarks import storage
from bookmarks.titles import title_of

pages = Blueprint("pages", __name__)


@pages.get("/")
def index() -> str:
    """Show all bookmarks."""
    return render_template("index.html", bookmarks=storage.everything(current_app.config["DATABASE"]))


@pages.post("/")
def add() -> Response:
    """Add a bookmark."""
    url = request.form["url"]
    storage.add(current_app.config["DATABASE"], url, title_of(url))
    return redirect("/")


@pages.get("/health")
def health() -> dict[str, int]:
    """Say how many bookmarks there are."""
    return {"bookmarks": len(storage.everything(current_app.config["DATABASE"]))}
