"""What stops reading or saving records."""

from collections.abc import Mapping

from dougong.errors import PlatformError
from engines.values.issue import Issues


class RecordNotFound(PlatformError):
    """There is no such record, or the actor may not see it."""

    code = "record-not-found"
    title = {"zh-CN": "没有这条记录", "en": "There is no such record"}
    status = 404


class EntityNotFound(PlatformError):
    """There is no such entity in the app, or the actor may not see it."""

    code = "record-entity-not-found"
    title = {"zh-CN": "没有这个实体", "en": "There is no such entity"}
    status = 404
    sentence = {"zh-CN": "没有实体“{entity}”。", "en": "There is no entity {entity}."}


class RecordInvalid(PlatformError):
    """What was sent for the record, or what would become of it, is not right; the issues name the fields."""

    code = "record-invalid"
    title = {"zh-CN": "记录内容有误", "en": "Something in the record is wrong"}
    status = 422


class RecordUnconfirmed(RecordInvalid):
    """Rules that warn do not hold; the same request is carried out once it says that this is confirmed."""

    code = "record-unconfirmed"
    title = {"zh-CN": "请确认后再保存", "en": "Confirm to save the record"}
    status = 422


def refusal_of(issues: Issues) -> RecordInvalid:
    """Return what refuses records with some issues: where rules warn and no more, that can be confirmed."""
    is_warning = all(found.code == "record-warning" for found in issues)
    return RecordUnconfirmed(issues) if is_warning else RecordInvalid(issues)


class RevisionConflict(PlatformError):
    """Someone else changed the same values of the record after it was read; `conflicts` lists them, where history still knows."""

    code = "record-revision-conflict"
    title = {"zh-CN": "记录已被他人修改", "en": "The record has changed"}
    status = 409
    sentence = {
        "zh-CN": "您打开之后，这条记录已被修改（现为第 {current} 版，您的是第 {sent} 版）。",
        "en": "The record was changed after you opened it (revision {current} now, yours is {sent}).",
    }

    @property
    def members(self) -> Mapping[str, object]:
        """Return each value both sides changed: what it was, is now and would be, whose the present one is and since when."""
        conflicts = self.parts.get("conflicts")
        return {"conflicts": conflicts} if conflicts else {}


class RecordExists(PlatformError):
    """A record with this id exists and is not what was sent."""

    code = "record-exists"
    title = {"zh-CN": "记录已存在", "en": "The record exists"}
    status = 409
    sentence = {"zh-CN": "标识为 {id} 的记录已存在。", "en": "A record with id {id} exists."}


class RecordReferenced(PlatformError):
    """Other records point to this one, so it cannot be deleted; they are counted and named as far as whoever asks may read them."""

    code = "record-referenced"
    title = {"zh-CN": "记录正被使用", "en": "The record is in use"}
    status = 409
    sentence = {
        "zh-CN": "{by_zh}引用这条记录，不能删除。",
        "en": "Used in {by_en}; it cannot be deleted.",
    }


class TransitionNotFound(PlatformError):
    """The states of the entity have no such transition."""

    code = "record-transition-not-found"
    title = {"zh-CN": "没有这个状态操作", "en": "There is no such transition"}
    status = 404
    sentence = {"zh-CN": "没有状态操作“{transition}”。", "en": "There is no transition {transition}."}


class TooManyRecords(PlatformError):
    """A filter matches more records than one request may change."""

    code = "record-too-many"
    title = {"zh-CN": "记录太多", "en": "Too many records"}
    status = 422
    sentence = {
        "zh-CN": "符合条件的记录有 {count} 条，一次最多 {limit} 条，未做任何修改。请缩小筛选范围。",
        "en": "The filter matches {count} records and one request may change {limit}; nothing was changed. Narrow the filter.",
    }

class RecordShort(RecordInvalid):
    """A guarded change asks for more than its guard leaves; `short` lists the rows with what was asked and what is available."""

    code = "record-short"
    title = {"zh-CN": "数量不足", "en": "There is not enough"}
    status = 409
    sentence = {
        "zh-CN": "有 {count} 行超出可用数量，没有写入任何东西。",
        "en": "Rows that ask for more than there is: {count}. Nothing was written.",
    }

    @property
    def members(self) -> Mapping[str, object]:
        """Return the rows that ask for too much."""
        return {"short": self.parts["short"]}


class RecordSingle(PlatformError):
    """The entity has one record, which is there from the beginning and stays."""

    code = "record-single"
    title = {"zh-CN": "只有一条记录", "en": "There is just one record"}
    status = 409
    sentence = {
        "zh-CN": "“{entity_zh}”只有一条记录，可以修改，不能新建或删除。",
        "en": "“{entity_en}” has one record, which can be changed but neither made nor deleted.",
    }


class LedgerKept(PlatformError):
    """An entry of a ledger cannot be changed or deleted; a reversal takes it back."""

    code = "record-ledger-kept"
    title = {"zh-CN": "账簿不能修改", "en": "A ledger is only added to"}
    status = 409
    sentence = {
        "zh-CN": "“{entity_zh}”的记录不能修改或删除，请冲销后重新登记。",
        "en": "Entries of “{entity_en}” cannot be changed or deleted; reverse one and enter it anew.",
    }


class LedgerOnly(PlatformError):
    """Only entries of a ledger can be reversed."""

    code = "record-ledger-only"
    title = {"zh-CN": "只有账簿可以冲销", "en": "Only a ledger can be reversed"}
    status = 409
    sentence = {"zh-CN": "“{entity_zh}”不是账簿。", "en": "“{entity_en}” is no ledger."}


class SumsKept(PlatformError):
    """Records that keep the sums of a ledger are made by its entries alone and cannot be deleted."""

    code = "record-sums-kept"
    title = {"zh-CN": "记录由账簿维护", "en": "The records are kept by a ledger"}
    status = 409
    sentence = {
        "zh-CN": "“{entity_zh}”由账簿自动维护，不能手工新建或删除。",
        "en": "“{entity_en}” is kept by a ledger; its records cannot be made or deleted by hand.",
    }


class DecidesNothing(PlatformError):
    """Only a decision table can be asked what it decides."""

    code = "entity-decides-nothing"
    title = {"zh-CN": "不是决策表", "en": "This is no decision table"}
    status = 409
    sentence = {"zh-CN": "“{entity_zh}”不是决策表。", "en": "“{entity_en}” is no decision table."}


class DecisionInvalid(PlatformError):
    """What a decision table is asked with is not right; the issues name the inputs."""

    code = "request-decision-invalid"
    title = {"zh-CN": "决策表的输入有误", "en": "Something in the inputs of the table is wrong"}
    status = 422


class QueryInvalid(PlatformError):
    """A parameter of a list request is not right; the issues name it."""

    code = "request-query-invalid"
    title = {"zh-CN": "查询参数有误", "en": "Something in the query is wrong"}
    status = 400


class FieldNotComputed(PlatformError):
    """There is no computed field of this key, so there is nothing to explain."""

    code = "field-not-computed"
    title = {"zh-CN": "没有这个计算字段", "en": "There is no such computed field"}
    status = 404
    sentence = {"zh-CN": "没有标识为“{field}”的计算字段。", "en": "There is no computed field {field}."}


class KeyReused(PlatformError):
    """The idempotency key came before with another request."""

    code = "request-idempotency-key-reused"
    title = {"zh-CN": "幂等键已用于另一个请求", "en": "The idempotency key belongs to another request"}
    status = 409


class TryAgain(PlatformError):
    """Other writers were in the way too often; nothing was written and the same request may succeed later."""

    code = "record-busy"
    title = {"zh-CN": "系统繁忙，请重试", "en": "Too busy, try again"}
    status = 503
