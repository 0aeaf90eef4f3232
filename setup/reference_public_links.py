"""What the calls of public links do, in the words the code does not have, for `write_reference`; texts only."""

from collections.abc import Mapping

PUBLIC_LINK_ENDPOINTS: Mapping[str, str] = {
    "list_public_links": "返回自己创建的公开链接、有权发布的应用的公开链接；系统管理员得到全部。",
    "make_public_link": "创建公开链接：自己可以共享的一条记录，或自己可以发布的应用的一个表单。地址只在此时给出一次。",
    "change_public_link": "修改公开链接的名称、密码、到期时间或次数上限，暂停或恢复它。",
    "revoke_public_link": "永久收回一个公开链接。",
    "open_public_link": "打开公开链接：返回表单；查看链接同时返回记录，并计一次使用。",
    "look_up_by_public_link": "在创建者开放选择时，返回表单的引用字段可以指向的记录的名称。",
    "send_by_public_link": "提交通过公开链接填写的表单：新建一条记录，不返回其中任何内容。",
}
