"""What can be done with records: the words policies are written in, and which of them others bring along."""

from collections.abc import Iterable, Mapping

Names = Mapping[str, str]

ACTIONS: Mapping[str, Names] = {
    "create": {"zh-CN": "新建", "en": "create"},
    "read": {"zh-CN": "查看", "en": "read"},
    "update": {"zh-CN": "修改", "en": "change"},
    "delete": {"zh-CN": "删除", "en": "delete"},
    "restore": {"zh-CN": "从回收站恢复", "en": "take out of the trash"},
    "export": {"zh-CN": "导出", "en": "export"},
    "import": {"zh-CN": "导入", "en": "import"},
    "print": {"zh-CN": "打印", "en": "print"},
    "bulk": {"zh-CN": "批量处理", "en": "change many at a time of"},
    "share": {"zh-CN": "共享", "en": "share"},
    "transition": {"zh-CN": "变更状态", "en": "move to another state"},
}
"""Every action with what people call it; `transition.confirm` is one of the transitions."""

BRINGS: Mapping[str, tuple[str, ...]] = {
    "create": ("import",),
    "read": ("export", "print"),
    "update": ("bulk", "transition"),
    "delete": ("restore", "bulk"),
}
"""What comes with an action unless a policy leaves it out: to share comes with none."""

_BROUGHT_BY_SEVERAL = frozenset(more for action, whole in BRINGS.items() for more in whole if any(more in others for one, others in BRINGS.items() if one != action))

TRANSITION = "transition"

READING = frozenset(BRINGS["read"]) | {"read"}
"""What changes nothing."""


def is_transition(action: str) -> bool:
    """Whether it is the taking of one transition, or of any."""
    return action.partition(".")[0] == TRANSITION


def name_of(action: str) -> Names:
    """Return what people call an action.

    >>> name_of("transition.confirm")["en"]
    'move to another state'
    """
    return ACTIONS[action.partition(".")[0]]


def granted(actions: Iterable[str], without: Iterable[str], transitions: Iterable[str]) -> frozenset[str]:
    """Return every action that some bring along, but for those left out; of transitions each one by its key.

    >>> sorted(granted(["read", "update"], ["export"], ["confirm"]))
    ['bulk', 'print', 'read', 'transition.confirm', 'update']
    """
    keys = tuple(transitions)
    whole = {more for action in actions for more in (action, *BRINGS.get(action, ()))}
    return _each(whole, keys) - _each(without, keys)


def denied(actions: Iterable[str], without: Iterable[str], transitions: Iterable[str]) -> frozenset[str]:
    """Return every action that a denial of some takes away: of what an action brings along not that which another brings as well.

    >>> sorted(denied(["delete"], [], [])), sorted(denied(["delete", "bulk"], ["restore"], []))
    (['delete', 'restore'], ['bulk', 'delete'])
    """
    keys, given = tuple(transitions), frozenset(actions)
    return granted(given, without, keys) - (_BROUGHT_BY_SEVERAL - given)


def _each(actions: Iterable[str], transitions: Iterable[str]) -> frozenset[str]:
    given = set(actions)
    any_of = {f"{TRANSITION}.{key}" for key in transitions} if TRANSITION in given else set()
    return frozenset(given - {TRANSITION} | any_of)
