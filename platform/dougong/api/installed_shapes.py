"""The bodies and answers of what is done with installed apps as wholes, as pydantic types."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, StringConstraints

from dougong.api.shapes import Body, Label

Part = Literal["seed", "demo"]
Package = Annotated[str, Query(max_length=40)]
"""A package of the app whose records alone are meant; without it those of all."""


class UninstallBody(Body):
    """The key of the app, typed out by whoever means it."""

    key: Annotated[str, StringConstraints(max_length=40)]


class LeavingEntityEntry(BaseModel):
    """An entity whose records go, those in the trash too."""

    key: str
    name: Label
    records: int


class LeavingAnswer(BaseModel):
    """What goes with an app, or went.

    tables: all it has. records: of all entities together. files: how many its records hold. versions: how many were published.
    roles, people: its roles, and how many people have one.
    """

    app: str
    name: Label
    entities: list[LeavingEntityEntry]
    tables: int
    records: int
    files: int
    versions: int
    roles: int
    people: int


class StandingAnswer(BaseModel):
    """How many records the app's definition has in a part, and how many of them are there."""

    count: int
    there: int


class StandingsAnswer(BaseModel):
    """The records that came with the app."""

    seed: StandingAnswer
    demo: StandingAnswer


class AddedAnswer(BaseModel):
    """How many records were put in."""

    added: int


class RemovedEntry(BaseModel):
    """How many records of an entity went to the trash."""

    entity: str
    name: Label
    count: int


class KeptEntry(BaseModel):
    """A record that stays, and why: somebody changed it, or something uses it."""

    entity: str
    key: str
    id: UUID
    title: str
    code: str
    reason: Label


class ClearedAnswer(BaseModel):
    """What went to the trash, and what stays."""

    removed: list[RemovedEntry]
    kept: list[KeptEntry]
