"""The bookmarks in SQLite."""

import sqlite3
from contextlib import closing


def create(path: str) -> None:
    """Make the table when it is not there."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table if not exists bookmark (url text primary key, title text not null)")


def add(path: str, url: str, title: str) -> None:
    """Remember a page."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("insert or replace into bookmark values (?, ?)", (url, title))


def everything(path: str) -> list[tuple[str, str]]:
    """Return address and title of all pages."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute("select url, title from bookmark order by title").fetchall()
