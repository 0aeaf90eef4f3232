"""How quantities that must not run short are written in an app document, as pydantic types; it checks shapes, never meaning."""

from dougong.model.definition_element import Element, ExpressionText, Words


class GuardDefinition(Element):
    """A condition on the record's own fields that holds after every change; guarded changes say how much of it is left."""

    check: ExpressionText
    message: Words
