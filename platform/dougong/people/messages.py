"""What is wrong with what somebody sent about passwords, codes, tokens and networks: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "access-password-too-short": {
        "zh-CN": "密码至少需要 {limit} 个字符。",
        "en": "A password needs at least {limit} characters.",
    },
    "access-password-common": {
        "zh-CN": "这个密码太常见，容易被猜到，请另选一个。",
        "en": "This password is one of those that are tried first. Please choose another.",
    },
    "access-password-personal": {
        "zh-CN": "密码不能由姓名、邮箱或系统的名称组成。",
        "en": "A password must not be made of your name, your e-mail or the name of this system.",
    },
    "access-password-wrong": {"zh-CN": "当前密码不正确。", "en": "This is not your present password."},
    "access-code-wrong": {
        "zh-CN": "验证码不正确或已被使用，请输入验证器当前显示的六位数字。",
        "en": "The code is wrong or was used already. Enter the six digits that your authenticator shows now.",
    },
    "access-scope-unknown": {
        "zh-CN": "没有范围“{text}”，应如 read、crm.write、crm.order.read 或 crm.design。",
        "en": "There is no scope {text}; scopes are such as read, crm.write, crm.order.read or crm.design.",
    },
    "access-role-beyond-own": {
        "zh-CN": "您只能给出和收回自己也有的角色；其他角色由系统管理员给出和收回。",
        "en": "You can give and take only roles that you have yourself; others are for an administrator to give and take.",
    },
    "access-person-beyond-own": {
        "zh-CN": "此用户拥有您没有的角色，其邮箱、类别、是否有效和离职日期只能由系统管理员修改，也只能由系统管理员删除。",
        "en": "This user has roles that you lack: only an administrator may delete them or change their e-mail, kind, last day and whether they are active.",
    },
    "access-network-invalid": {
        "zh-CN": "“{text}”不是网络，应写成 192.0.2.0/24、2001:db8::/32 或单个地址。",
        "en": "{text} is not a network; write 192.0.2.0/24, 2001:db8::/32 or a single address.",
    },
    "access-networks-lock-out": {
        "zh-CN": "您现在的地址 {address} 不在其中，保存后您自己将无法访问。",
        "en": "Your present address {address} is not within: you would lock yourself out.",
    },
    "access-role-unknown": {"zh-CN": "没有角色“{text}”。", "en": "There is no role {text}."},
    "access-provider-option": {"zh-CN": "“{name}”的值无效。", "en": "The value of {name} is not valid."},
    "access-provider-issuer": {
        "zh-CN": "应为 OpenID 提供方的网址，如 https://sso.example.com/realms/company，不带参数。",
        "en": "This should be the address of an OpenID provider, such as https://sso.example.com/realms/company, without a query.",
    },
    "access-provider-secret-again": {
        "zh-CN": "地址、端口、加密方式或信任的证书已改变，请重新输入密钥：已保存的密钥不会发往别处。",
        "en": "The address, port, encryption or trusted certificate is another: give the secret again, for the one that is kept is sent nowhere else.",
    },
    "access-provider-scopes": {"zh-CN": "范围中应有 openid。", "en": "The scopes must hold openid."},
    "access-provider-filter": {
        "zh-CN": "过滤条件应有括号，并含有 {{login}}，如 (mail={{login}})。",
        "en": "The filter needs parentheses and must hold {{login}}, as in (mail={{login}}).",
    },
    "access-public-link-form": {"zh-CN": "该实体没有表单“{form}”。", "en": "The entity has no form {form}."},
    "access-public-link-lookup": {
        "zh-CN": "“{path}”不是表单中可供访客选择的引用字段。",
        "en": "{path} is no reference of the form whose records visitors could choose from.",
    },
    "access-public-link-required": {
        "zh-CN": "必填字段“{name}”访客无法填写：它不在表单中，是附件，或未开放选择。",
        "en": "{name} must be filled in and visitors cannot: it is not in the form, holds files, or is a reference they may not choose.",
    },
    "access-public-link-record": {"zh-CN": "查看链接要指定一条记录，填写链接不能指定。", "en": "A link to read names a record, one to fill in names none."},
    "access-public-link-ends": {"zh-CN": "到期时间应在将来。", "en": "The end of a link must lie ahead."},
    "access-invitee-unknown": {
        "zh-CN": "没有标识为“{id}”的有效用户。",
        "en": "There is no active user with the id {id}.",
    },
}
"""Codes of stage `access` that name a place in a request."""
