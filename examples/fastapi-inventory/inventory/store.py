"""Things and how many of them there are, in SQLite."""

import os

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///inventory.db"))


class Base(DeclarativeBase):
    """What all tables share."""


class Thing(Base):
    """A thing."""

    __tablename__ = "thing"

    name: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


def put(name: str, count: int) -> None:
    """Say how many there are of a thing."""
    with Session(engine) as session, session.begin():
        session.merge(Thing(name=name, count=count))


def counts() -> dict[str, int]:
    """Return how many there are of everything."""
    with Session(engine) as session:
        return {thing.name: thing.count for thing in session.scalars(select(Thing))}


Base.metadata.create_all(engine)
