"""Whether somebody is left who looks after people: users as they are and as they would be in, a refusal where the last would go."""

from collections.abc import Sequence

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION
from dougong.people.persons import SERVICE
from dougong.store.ids import seed_id
from dougong.store.save import Executor, Values

USERS = f"{ORGANIZATION}.user"
ADMINISTRATOR = f"{ORGANIZATION}.administrator"
_ROLE = seed_id(ORGANIZATION, "role", ADMINISTRATOR)
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('dougong.last-administrator', 0))"
_OTHERS = """
    SELECT FROM "app_organization"."user" AS u JOIN "app_organization"."user__roles" AS r ON r.parent = u.id
    WHERE u.deleted_at IS NULL AND u.active AND to_jsonb(u)->>'left_on' IS NULL AND to_jsonb(u)->>'kind' IS DISTINCT FROM 'service'
    AND r.role = $1 AND u.id <> ALL($2::uuid[]) LIMIT 1"""


class LastAdministrator(PlatformError):
    """Nobody else is an active administrator, so that nobody could give anybody a role any more."""

    code = "access-last-administrator"
    title = {"zh-CN": "至少需要一位管理员", "en": "There must be an administrator"}
    status = 409
    sentence = {
        "zh-CN": "这是最后一位有效的系统管理员，不能停用、删除或取消其管理员角色。请先让另一位用户成为管理员。",
        "en": "This is the last active administrator, who cannot be made inactive, deleted or lose the role. "
        "Make somebody else an administrator first.",
    }


async def keep_an_administrator(executor: Executor, befores: Sequence[Values], afters: Sequence[Values]) -> None:
    """Raise LastAdministrator where users stop being administrators and nobody else is one; most changes cost no query.

    afters: the users as they would be, nothing for those that go to the trash.
    """
    if any(_is_administrator(user) for user in afters):
        return
    leaving = [user["id"] for user in befores if _is_administrator(user)]
    if not leaving:
        return
    # Two who take the role from each other would each see the other still have it.
    await executor.fetch(_ONE_BY_ONE)
    if not await executor.fetch(_OTHERS, _ROLE, leaving):
        raise LastAdministrator()


def _is_administrator(user: Values) -> bool:
    if user.get("kind") == SERVICE:
        return False
    return user.get("active") is True and user.get("left_on") is None and any(row.get("role") == _ROLE for row in user.get("roles", ()))
