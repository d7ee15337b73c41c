"""The service over HTTP."""

from fastapi import FastAPI
from pydantic import BaseModel, NonNegativeInt

from inventory import store

app = FastAPI(title="Inventory")


class Count(BaseModel):
    """How many there are of a thing."""

    count: NonNegativeInt


@app.get("/health")
def health() -> dict[str, int]:
    """Say how many kinds of things there are."""
    return {"kinds": len(store.counts())}


@app.get("/things")
def things() -> dict[str, int]:
    """Return everything."""
    return store.counts()


@app.put("/things/{name}")
def put(name: str, count: Count) -> dict[str, int]:
    """Say how many there are of a thing."""
    store.put(name, count.count)
    return store.counts()
