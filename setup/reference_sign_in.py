"""What commands and calls about signing in do, in the words the code does not have, for `write_reference`; texts only."""

from collections.abc import Mapping

SIGN_IN_COMMANDS: Mapping[str, str] = {
    "user tokens": "列出一个用户的 API 令牌：标识、到期日、最近使用、名称、范围。",
    "user tokens <email>": "用户的邮箱。",
    "user make-token": "为一个用户创建 API 令牌并显示；只显示这一次。",
    "user make-token <email>": "用户的邮箱。",
    "user make-token <name>": "令牌的用途。",
    "user make-token --scope": "可以用来做什么，如 read、crm.write 或 crm.order.read；可写多个。",
    "user make-token --days": "多少天后失效。",
    "user revoke-token": "撤销一个 API 令牌，服务器的所有进程立即生效。",
    "user revoke-token <token_id>": "令牌的标识，见 `dougong user tokens`。",
    "user reset-second-factor": "停用一个用户的两步验证（手机和恢复码都丢失时）；其会话全部结束。",
    "user reset-second-factor <email>": "用户的邮箱。",
    "user end-sessions": "结束一个用户的所有会话，服务器的所有进程立即生效。",
    "user end-sessions <email>": "用户的邮箱。",
    "user clear-networks": "删除所有允许网络的列表：整个系统的、角色的和用户的。",
}
"""Rows of `COMMANDS`."""

SIGN_IN_ENDPOINTS: Mapping[str, str] = {
    "show_code": "用验证器的六位数字或恢复码完成登录，回答中设置会话的 Cookie。",
    "read_account": "返回当前用户如何登录：是否有密码，有无两步验证。",
    "change_password": "修改自己的密码：须给出当前密码；其他会话全部结束。",
    "begin_second_factor": "开始设置验证器：须给出密码；密钥只显示这一次，用验证码确认之前不起作用。",
    "confirm_second_factor": "用验证器显示的验证码启用它，返回恢复码（只此一次）；其他会话全部结束。",
    "remove_second_factor": "停用自己的两步验证：须给出密码；系统要求时必须立即重新设置。",
    "renew_recovery_codes": "返回新的恢复码（只此一次），原有的失效；须给出密码。",
    "list_sessions": "返回自己的会话。",
    "end_other_sessions": "结束自己除当前以外的所有会话。",
    "end_own_session": "结束自己的一个会话。",
    "read_person_account": "返回一个用户如何登录：会话、令牌、两步验证和允许的网络，仅限系统管理员。",
    "end_person_sessions": "结束一个用户的所有会话，仅限系统管理员。",
    "end_person_session": "结束一个用户的一个会话，仅限系统管理员。",
    "reset_second_factor": "停用一个用户的两步验证（如手机和恢复码都丢失），其会话全部结束，仅限系统管理员。",
    "make_person_token": "为服务账号创建 API 令牌，要求提出者的密码，只显示这一次，仅限系统管理员。",
    "revoke_person_token": "撤销一个用户的 API 令牌，所有进程立即生效，仅限系统管理员。",
    "set_person_networks": "设置一个用户可以从哪些网络访问，取代系统和角色的列表；空为不限。仅限系统管理员。",
    "read_sign_in_rules": "返回登录规则：谁需要两步验证，整个系统和各角色允许的网络；仅限系统管理员。",
    "save_sign_in_rules": "替换登录规则，仅限系统管理员；会把自己挡在外面、或别人已先修改时拒绝。",
    "list_tokens": "返回自己的 API 令牌。",
    "make_token": "创建自己的 API 令牌，要求密码，只显示这一次；在其范围内能做其用户所能做的事。",
    "revoke_own_token": "撤销自己的一个 API 令牌，所有进程立即生效。",
}
"""Rows of `ENDPOINTS`."""
