"""Issues in, the same as they are answered in both languages out."""

from collections.abc import Iterable

from dougong.api.shapes import IssueAnswer, label
from engines.values.issue import Issue


def issue_answers(issues: Iterable[Issue]) -> list[IssueAnswer]:
    """Return issues as they are answered, in both languages."""
    return [IssueAnswer(code=i.code, message=label(i.message), pointer=i.pointer, span=i.span) for i in issues]
