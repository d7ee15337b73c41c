"""A small list of bookmarks with titles that are read from the pages."""

import os

from flask import Flask

from bookmarks import storage, views


def create_app() -> Flask:
    """Return the application, its database made."""
    app = Flask(__name__)
    app.config["DATABASE"] = os.environ.get("DATABASE", "bookmarks.db")
    storage.create(app.config["DATABASE"])
    app.register_blueprint(views.pages)
    return app
