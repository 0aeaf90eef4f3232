"""What commands and calls about people and the audit log do, in the words the code does not have, for `write_reference`; texts only."""

from collections.abc import Mapping

PEOPLE_COMMANDS: Mapping[str, str] = {
    "user hand-over": "把一位用户的记录交接给另一位：未完成的，各应用所有指向他的字段；每个实体一个可撤销的变更集。",
    "user hand-over <email>": "交出工作的用户的邮箱。",
    "user hand-over <to>": "接手的用户的邮箱。",
    "user hand-over --place": "只交接此处，如 crm.order.owner；可多次指定。",
    "user hand-over --finished": "已完成的记录也交接。",
    "user hand-over --dry-run": "只说明会做什么，不写入任何东西。",
    "user hand-over --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "audit-log list": "列出审计日志，最新的在前。",
    "audit-log list --deed": "只看此行为；可多次指定。",
    "audit-log list --who": "只看此邮箱的用户所做的。",
    "audit-log list --text": "只看“谁”或“对象”中含有此文字的行。",
    "audit-log list --since": "只看此时间起的行，按站点时区。",
    "audit-log list --until": "只看此时间止的行，按站点时区。",
    "audit-log list --limit": "多少行，最新的在前。",
    "audit-log list --language": "zh-CN 或 en；不指定则为环境的语言。",
    "audit-log export": "把审计日志写入文件，最新的在前；此事随即记入日志。",
    "audit-log export <file>": "要写的文件，名称以 .csv、.xlsx 或 .jsonl 结尾。",
    "audit-log export --deed": "只要此行为；可多次指定。",
    "audit-log export --who": "只要此邮箱的用户所做的。",
    "audit-log export --text": "只要“谁”或“对象”中含有此文字的行。",
    "audit-log export --since": "只要此时间起的行，按站点时区。",
    "audit-log export --until": "只要此时间止的行，按站点时区。",
    "audit-log export --language": "zh-CN 或 en；不指定则为环境的语言。",
    "audit-log verify": "重新计算整条链，说明哪里不符，并给出应保存的封签；有不符时退出码为 1。",
    "audit-log verify --seal": "以前保存的封签，用来确认它之前没有被截断。",
    "audit-log verify --language": "zh-CN 或 en；不指定则为环境的语言。",
}


PEOPLE_ENDPOINTS: Mapping[str, str] = {
    "read_user_roles": "返回用户的每个角色及其来源：本人、岗位、用户组。仅限系统管理员和本人。",
    "preview_hand_over": "返回各应用的记录在哪些字段指向该用户，以及会交接多少条；不写入任何东西。",
    "hand_over": "让这些字段的记录改为指向另一位用户，每个实体一个变更集；不能修改的说明原因。",
    "list_audit": "返回审计日志，最新的在前，仅限系统管理员和审计员；各筛选条件同时成立。",
    "list_deeds": "返回审计日志中可能有的行为，供筛选。",
    "export_audit": "把符合筛选条件的行作为文件返回；导出这件事先记入日志。",
    "verify_audit": "重新计算审计日志的链并返回不符之处；给出以前保存的封签时，还能知道末尾是否被截断。",
}
