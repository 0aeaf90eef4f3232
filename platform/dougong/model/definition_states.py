"""How states and their transitions are written in an app document, as pydantic types; it checks shapes, never meaning."""

from typing import Annotated

from pydantic import ConfigDict, Field

from dougong.model.definition_element import Color, Element, ExpressionText, Key, Text, Words


class StateDefinition(Element):
    """One state a record may be in."""

    name: Words = {}
    color: Color | None = None
    read_only: bool = False
    can_delete: bool = True


class TransitionDefinition(Element):
    """A way from some states to another, and when it may be taken."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True)

    name: Words = {}
    from_: Annotated[list[Key], Field(alias="from", min_length=1, max_length=100)]
    to: Key
    when: ExpressionText | None = None
    message: Words = {}
    set_: dict[Key, ExpressionText] = Field(alias="set", default={})
    confirm: Words | None = None


class StatesDefinition(Element):
    """The states of an entity's records, kept in a field of this key, and the transitions between them."""

    name: Text | None = None
    start: Key
    states: Annotated[list[StateDefinition], Field(min_length=1, max_length=100)]
    transitions: Annotated[list[TransitionDefinition], Field(max_length=500)] = []
