"""The baskets of a shop, kept in Redis."""

import os

from flask import Flask
from redis import Redis

from shop.prices import total

app = Flask(__name__)
baskets = Redis(host=os.environ.get("REDIS", "localhost"), decode_responses=True)


@app.get("/health")
def health() -> dict[str, bool]:
    """Say that the service runs."""
    return {"ok": True}


@app.get("/baskets/<name>")
def basket(name: str) -> dict[str, float]:
    """Return what the things in a basket cost."""
    return {"total": total(baskets.hgetall(name))}


@app.post("/baskets/<name>/<thing>")
def put(name: str, thing: str) -> dict[str, int]:
    """Put a thing into a basket."""
    return {"count": baskets.hincrby(name, thing, 1)}
