"""What a request is refused with when its actor may not do what it asks."""

from collections.abc import Mapping

from dougong.errors import PlatformError
from engines.entity.actions import name_of


class ActionDenied(PlatformError):
    """No policy lets the actor do this with records of the entity."""

    code = "access-denied"
    title = {"zh-CN": "没有权限", "en": "Not allowed"}
    status = 403

    def __init__(self, action: str, entity: Mapping[str, str]) -> None:
        """action: one of `engines.entity.actions`. entity: its name in each language."""
        super().__init__(action=action, entity=entity)

    def detail(self, language: str) -> str:
        """Return which action on which entity was refused."""
        entity, action = self.parts["entity"], name_of(str(self.parts["action"]))
        name = entity.get(language) or next(iter(entity.values())) if isinstance(entity, Mapping) else entity
        return (
            f"您没有{action[language]}“{name}”的权限。"
            if language == "zh-CN"
            else f"You may not {action['en']} {name}."
        )


class ActDenied(PlatformError):
    """The actor may not design, publish or install."""

    code = "access-act-denied"
    title = {"zh-CN": "没有权限", "en": "Not allowed"}
    status = 403
    sentence = {
        "zh-CN": "您没有设计、发布或安装此应用的权限。",
        "en": "You may not design, publish or install this app.",
    }


class CalendarDenied(PlatformError):
    """The actor is no administrator of the site, who alone changes its calendar."""

    code = "access-calendar-denied"
    title = {"zh-CN": "没有权限", "en": "Not allowed"}
    status = 403
    sentence = {
        "zh-CN": "只有系统管理员可以修改工作日历。",
        "en": "Only an administrator of the site may change its calendar.",
    }


class ActionUnknown(PlatformError):
    """The entity has no such action."""

    code = "access-action-unknown"
    title = {"zh-CN": "没有这种操作", "en": "There is no such action"}
    status = 404
    sentence = {"zh-CN": "没有操作“{action}”。", "en": "There is no action {action}."}


class FieldOfQuestionUnknown(PlatformError):
    """The entity has no such field, or who asks may not read it."""

    code = "access-field-unknown"
    title = {"zh-CN": "没有这个字段", "en": "There is no such field"}
    status = 404
    sentence = {"zh-CN": "没有字段“{field}”。", "en": "There is no field {field}."}


class ViewingOnly(PlatformError):
    """Somebody looks as another user: nothing can be changed so, and what is the user's own is not shown."""

    code = "access-viewing-only"
    title = {"zh-CN": "只能查看", "en": "Only to look at"}
    status = 403
    sentence = {
        "zh-CN": "您正以他人的身份查看，不能修改任何内容，也不能查看其登录设置。",
        "en": "You are looking as somebody else: nothing can be changed, and how they sign in is not shown.",
    }
