"""What an author is told about the policies of an app that work, and yet may not be what was meant: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "policy-field-unwritable": {
        "zh-CN": "没有角色可以填写“{name}”，也没有默认值，它将一直为空。",
        "en": "No role may write {name}, and nothing else fills it: it stays blank.",
    },
    "policy-required-unwritable": {
        "zh-CN": "“{name}”必填，但可以新建的角色“{role}”不能填写它，因此无法新建。",
        "en": "{name} is required, and role {role}, which may create records, may not write it: it can create none.",
    },
    "policy-rows-unseen": {
        "zh-CN": "没有角色可以查看“{name}”的记录。",
        "en": "No role may read the records of {name}.",
    },
    "policy-role-idle": {
        "zh-CN": "角色“{name}”什么都不能做：没有允许它做任何事的策略。",
        "en": "Role {name} may do nothing: no policy allows it anything.",
    },
    "policy-shadowed": {
        "zh-CN": "同一角色的策略“{other}”已允许这一切，此策略不起作用。",
        "en": "Policy {other} of the same role allows all this already; this one changes nothing.",
    },
    "policy-not-indexed": {
        "zh-CN": "此条件查看“{name}”，但它没有索引，记录多时列表会变慢；可为它建立索引。",
        "en": "The condition looks at {name}, which is not indexed: lists of many records become slow. It can be indexed.",
    },
    "policy-deny-all": {
        "zh-CN": "角色“{role}”的成员无论还有什么角色，都不能对任何记录{actions}。",
        "en": "Whoever has role {role} can never do this with any record, whatever other roles they have: {actions}.",
    },
    "policy-level-met": {
        "zh-CN": "“{name}”由角色“{role}”不能查看的内容计算而来，此处的权限不起作用，字段仍然隐藏。",
        "en": "{name} is computed from what role {role} may not read: what is granted here has no effect, it stays hidden.",
    },
    "policy-screen-unreadable": {
        "zh-CN": "“{name}”提供给角色“{role}”，但该角色不能查看其中的记录。",
        "en": "{name} is offered to role {role}, which may not read the records in it.",
    },
    "policy-discloses": {
        "zh-CN": "“{name}”会告诉不能查看其来源的人结果：角色{roles}。",
        "en": "{name} tells what it comes to also to those who may not read what it is computed from: {roles}.",
    },
}
