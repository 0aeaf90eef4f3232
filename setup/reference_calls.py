"""What commands and calls of the API do, in the words the code does not have, for `write_reference`; texts only."""

from collections.abc import Mapping

from setup.reference_access import ACCESS_COMMANDS, ACCESS_ENDPOINTS
from setup.reference_mail import MAIL_ENDPOINTS
from setup.reference_people import PEOPLE_COMMANDS, PEOPLE_ENDPOINTS
from setup.reference_public_links import PUBLIC_LINK_ENDPOINTS
from setup.reference_sign_in import SIGN_IN_COMMANDS, SIGN_IN_ENDPOINTS

COMMANDS: Mapping[str, str] = {
    **SIGN_IN_COMMANDS,
    **PEOPLE_COMMANDS,
    **ACCESS_COMMANDS,
    "serve": "提供网页和接口，直到停止；最后一个使用内置数据库的进程退出时，数据库随之停止。",
    "serve --host": "代替 DOUGONG_HOST。",
    "serve --port": "代替 DOUGONG_PORT。",
    "serve --workers": "代替 DOUGONG_WORKERS。",
    "records import": "导入电子表格。逐格说明错误；有错误时不写入任何东西。",
    "records import <app>": "应用的标识。",
    "records import <entity>": "文件中是哪个实体的记录（标识）。",
    "records import <file>": "XLSX 或 CSV 文件；按标题找到各列对应的字段。",
    "records import --mode": "新增记录、更新已有的记录，或两者。",
    "records import --by": "用哪些字段识别记录，以逗号分开。",
    "records import --skip": "其他行有错误时，只导入正确的行。",
    "records import --confirm-warnings": "规则有提醒时仍然导入。",
    "records import --dry": "只检查文件，不写入任何东西。",
    "records import --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "records export": "把一个实体的记录写成文件。",
    "records export <app>": "应用的标识。",
    "records export <entity>": "实体的标识。",
    "records export <file>": "写到哪里；扩展名决定格式：.xlsx 或 .csv。",
    "records export --filter": "一个表达式；只要使其为真的记录。",
    "records export --sort": "按哪些字段排序，与列表相同：-date,number。",
    "records export --fields": "要写出的字段和路径，以逗号分开；不指定则为全部字段。",
    "records export --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "worker": "做后台任务（如导入），直到被停止；用于以 DOUGONG_HAS_WORKER=false 运行的服务器，或与之并行。",
    "doctor": "说明设置有什么问题、如何解决；有妨碍运行的问题时退出码为 1。",
    "doctor --language": "zh-CN 或 en；不指定则按环境的语言。",
    "migrate": "把系统表更新到本程序的版本；服务器每次启动也会这样做。",
    "version": "显示本程序的版本。",
    "app install": "把一个包安装为应用。",
    "app install <package>": "模板库中包的标识，或一个文件或文件夹。",
    "app install --version": "模板库中的某个版本；不指定则为最新的。",
    "app install --hash": "必须相符的内容哈希，即 export 和 check 所显示的。",
    "app install --demo": "同时装入包的演示数据；演示用户会得到密码。",
    "app install --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app export": "把应用导出为可以独立安装的包：JSON；记录中有文件时为 zip。同时显示版本和内容哈希。",
    "app export <app>": "应用的标识。",
    "app export <file>": "写到哪个文件；不指定则写到标准输出。",
    "app audit": "在用完即删的数据库中试出应用是否把数据告诉了不该知道的人；有泄露时退出码为 1。",
    "app audit <app>": "已安装的应用，或 Dougong 自带的应用。",
    "app audit --file": "代替它的包或应用文档。",
    "app audit --records": "每个实体建立多少条记录。",
    "app audit --role": "只看有此角色的人；可多次指定。",
    "app check": "说明一个包会成为什么、有什么错误，不安装任何东西；有错误时退出码为 1。",
    "app check <package>": "模板库中包的标识，或一个文件或文件夹。",
    "app check --version": "模板库中的某个版本；不指定则为最新的。",
    "app diff": "逐个元素说明两个包或应用有什么不同；有不同时退出码为 1。",
    "app diff <before>": "文件或文件夹、已安装应用的标识，或模板库中包的标识。",
    "app diff <after>": "同上，变化之后的一方。",
    "app upload": "把一个包存入本站的模板库；内容相同时不改变任何东西。",
    "app upload <file>": "文件或文件夹。",
    "app upload --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app library": "列出模板库中的包及其版本。",
    "app uninstall": "先说明会失去什么，再彻底删除应用及其记录、版本、历史和角色。",
    "app uninstall <app>": "应用的标识。",
    "app uninstall --type": "亲手输入的应用标识，代替询问。",
    "app uninstall --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app add-records": "装入应用尚不存在的种子或演示记录；演示用户会得到密码。",
    "app add-records <app>": "应用的标识。",
    "app add-records <part>": "seed（种子）或 demo（演示）。",
    "app add-records --package": "只涉及应用中该包的记录。",
    "app add-records --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app remove-records": "把应用的种子或演示记录移到回收站，并说明哪些保留及其原因。",
    "app remove-records <app>": "应用的标识。",
    "app remove-records <part>": "seed（种子）或 demo（演示）。",
    "app remove-records --package": "只涉及应用中该包的记录。",
    "app remove-records --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app list": "列出已安装的应用及其版本。",
    "app upgrade": "把应用升级到包的新版本，在其中所做的修改保留；有冲突未决定时退出码为 1。",
    "app upgrade <app>": "应用的标识。",
    "app upgrade <package>": "组成应用的包的标识，或文件、文件夹；不指定则为有新版本的那个包。",
    "app upgrade --ours": "所有冲突都采用应用现有的内容。",
    "app upgrade --theirs": "所有冲突都采用新版本的内容。",
    "app upgrade --dry-run": "只说明会做什么。",
    "app upgrade --publish": "同时发布草稿。",
    "app upgrade --language": "zh-CN 或 en；不指定则用环境的语言。",
    "app upgrade --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app remove": "从应用中移除一个包；它的表和列保留其中的数据。有内容未决定时退出码为 1。",
    "app remove <app>": "应用的标识。",
    "app remove <package>": "应用中包的标识。",
    "app remove --ours": "改过或仍在使用的，保留为本应用自己的。",
    "app remove --theirs": "改过或仍在使用的，一并移除。",
    "app remove --dry-run": "只说明会做什么。",
    "app remove --publish": "同时发布草稿。",
    "app remove --language": "zh-CN 或 en；不指定则用环境的语言。",
    "app remove --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app add": "把一个包装入已有的应用；有冲突未决定时退出码为 1。",
    "app add <app>": "应用的标识。",
    "app add <package>": "应用库中包的标识，或文件、文件夹。",
    "app add --dry-run": "只说明会做什么。",
    "app add --publish": "同时发布草稿。",
    "app add --language": "zh-CN 或 en；不指定则用环境的语言。",
    "app add --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app publish": "发布应用的新版本。",
    "app publish <app>": "应用的标识。",
    "app publish <file>": "要发布的文档；不指定则发布草稿。",
    "app publish --note": "这个版本的说明。",
    "app publish --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app compare": "说明从应用的一个版本到另一个版本（包括草稿）有什么不同；有不同时退出码为 1。",
    "app compare <app>": "应用的标识。",
    "app compare <from>": "版本号，或 active（当前版本）、draft（草稿）。",
    "app compare <to>": "版本号，或 active（当前版本）、draft（草稿）。",
    "app compare --language": "zh-CN 或 en；不指定则按环境的语言。",
    "app rollback": "把以前的版本重新发布；之后移除的内容连同数据一起回来。有阻碍时退出码为 1。",
    "app rollback <app>": "应用的标识。",
    "app rollback <version>": "要恢复到的版本。",
    "app rollback --note": "这次恢复的说明。",
    "app rollback --leave-out-broken": "略去记录已不符合的唯一约束，继续恢复。",
    "app rollback --dry-run": "只说明会做什么。",
    "app rollback --language": "zh-CN 或 en；不指定则按环境的语言。",
    "app rollback --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app retired": "列出以前的版本留下的数据；清除指定的。",
    "app retired <app>": "应用的标识。",
    "app retired --purge": "按名称彻底清除；可以给出多次。",
    "app retired --confirm": "再次写出应用的标识，否则什么也不清除。",
    "app retired --language": "zh-CN 或 en；不指定则按环境的语言。",
    "app retired --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "app verify": "重新计算所有保存的计算值、重新累加所有账簿，并检查连续编号；有不符时退出码为 1。",
    "app verify <app>": "应用的标识。",
    "app verify --repair": "把不符的值改正，并记入历史；编号只报告。",
    "user link": "生成一次性链接，用户用它设置密码并登录。",
    "user link <email>": "用户的邮箱。",
    "user invite": "用邮件邀请用户设置密码；没有设置邮件服务器时，显示他们的一次性链接。",
    "user invite <email>": "用户的邮箱，可以写多个。",
    "user invite --all": "所有还没有密码、也没有被邀请过的有效用户。",
    "user invite --as": "以哪个用户的身份（邮箱）；不指定则为第一位管理员。",
    "user list": "列出可以登录的用户及其角色。",
    "files collect": "删除没有任何记录和历史引用的文件；服务器每天也会自己做。",
    "files collect --hours": "未被使用的文件放置多少小时后删除。",
    "history list": "列出修改历史的各个月份，以及各月约有多少次修改、占用多少空间。",
    "history drop": "删除早于所留月数的修改历史；记录本身不受影响。",
    "history drop --keep": "本月之前保留多少个月。",
    "trash empty": "彻底删除在回收站中超过若干天的记录；仍被其他记录引用的保留。修改历史不受影响。",
    "trash empty --days": "在回收站中停留多少天之后删除。",
    "calendar show": "显示工作日历中已列出的年份；指定年份则显示其中的节假日和调休上班日。",
    "calendar show <year>": "要显示的年份。",
    "calendar import": "把公布的节假日安排列入日历；已有内容的年份保持不变，除非要求替换。",
    "calendar import <file>": "与随程序提供的 china.json 格式相同的文件；不指定则为随程序提供的国务院办公厅安排。",
    "calendar import --replace": "替换已有内容的年份。",
    "database address": "显示数据库地址，供 psql 等程序使用；内置服务器会启动并保持运行。",
    "database stop": "停止数据目录的内置服务器。",
    "vectors expression": "用文件中的每个问题检验表达式语言的一个后端；有答案不同时退出码为 1。",
    "vectors expression <file>": "每行一个 JSON：id、tier、group、expr、env、expect，必要时还有 ctx。",
    "vectors expression --backend": "在哪里计算表达式。",
    "vectors expression --tier": "只检验这一级的向量。",
}
"""Chinese help by the words of a command, and of its options."""

ENDPOINTS: Mapping[str, str] = {
    **SIGN_IN_ENDPOINTS,
    **PUBLIC_LINK_ENDPOINTS,
    **PEOPLE_ENDPOINTS,
    **ACCESS_ENDPOINTS,
    "create_import": "接收一个文件（XLSX 或 CSV），正文就是文件本身。name：文件名；entity：文件里是哪个实体的记录，不给则猜测。",
    "list_imports": "返回当前用户最近的导入。",
    "read_import": "返回一次导入；给 wait 时，等到没有后台任务在处理它，或过了这么多秒。",
    "change_import": "说明表中各列的含义。有问题会写在回答里；检查时会拒绝。",
    "check_import": "检查整个文件：每个单元格、引用、关键字段，以及它将成为的记录。不写入任何东西。",
    "run_import": "写入检查过的内容。有错误时拒绝，除非选择只导入正确的行。",
    "cancel_import": "在两批之间停止导入；已写入的保留，可按其变更集撤销。",
    "delete_import": "删除一次导入及其文件；已写入的记录保留。",
    "draft_entity_of_import": "在应用草稿中按这张表新建实体，附带表单、列表和权限：字段类型、选项和引用均为猜测。",
    "list_import_issues": "按表中的顺序返回错误。after：上一个回答的 next；column：只要这一列的。",
    "download_import_issues": "返回上传的表，并多一列说明每行有什么错误。",
    "list_apps": "返回当前用户可以读取其中内容的应用。",
    "search_app": "返回应用中这些词所指的、当前用户可读的记录：标题相同的在前，其次以它开头、含有它的，再次其他。",
    "search_apps": "返回当前用户所知的全部应用中这些词所指的记录，最相符的在前；都没有时才给出写法相近的。",
    "list_packages": "返回模板库中的包（本站上传的和随 Dougong 提供的），以及哪些已安装。",
    "upload_package": "把一个包存入模板库：正文就是它的文件，JSON 或 zip。内容相同时不改变任何东西。",
    "read_package": "返回包中有什么、连同所依赖的包安装后会增加什么，以及有什么妨碍安装。",
    "download_package": "返回包的文件：JSON；记录中有文件时为 zip。",
    "delete_package": "从模板库删除一个上传的版本；由它安装的应用不受影响。",
    "read_uninstall": "返回卸载应用时会失去什么：表、记录、版本和角色；不删除任何东西。",
    "uninstall_app": "在一个事务中彻底删除应用及其记录、版本、历史和角色；`key` 为亲手输入的应用标识。返回删除了什么。",
    "read_package_records": "返回应用带来的种子记录和演示记录各有多少，其中多少还在。",
    "add_package_records": "装入尚不存在的种子或演示记录，在回收站中的则恢复。",
    "remove_package_records": "把种子或演示记录移到回收站；被引用或有人修改过的保留，并说明原因。",
    "download_app": "把应用导出为可以独立安装的包文件；ETag 是内容哈希。",
    "install_app": "按标识安装模板库中的包，或安装随请求发送的完整的包。",
    "export_app": "把应用导出为包文档。",
    "read_model": "返回浏览器显示和填写记录所需的模型，只含当前用户可读的部分；带 ETag。",
    "read_app_openapi": "返回该应用记录接口的 OpenAPI 文档。",
    "list_change_sets": "返回变更集，最新的在前：默认为自己的；可以发布应用的人用 `whose=all` 查看所有人的。",
    "read_change_set": "返回一个变更集，以及撤销它会对每条记录做什么、哪些之后又被修改。",
    "undo_change_set": "撤销一个变更集：新建的移到回收站，删除的恢复，修改的值还原；撤销本身也可以撤销。",
    "read_draft": "返回草稿；没有草稿时返回当前的定义。不会创建任何东西。",
    "save_draft": "整份保存草稿，无论其中有什么问题；别人已先保存时拒绝。表达式中的字段名称保存为标识。",
    "discard_draft": "丢弃草稿，当前使用的定义不变。",
    "save_gestures": "在草稿的现状上执行一组操作，即使他人此后已保存过；双方都改动了的元素保持他人的结果，并逐个告知。",
    "list_gestures": "返回对应用草稿做过的操作，最新的在前：所有人的或自己的，当前草稿的或也含以前的。",
    "attend_draft": "表示自己打开或关闭了草稿，返回自某修订以来他人的操作，以及谁打开着草稿。",
    "read_problems": "返回草稿现状中的问题，按元素分组。",
    "list_installed_packages": "返回应用由哪些包组成，以及各自可升级到的版本。",
    "plan_upgrade": "返回升级会做什么：哪些自动合并，哪里有冲突，发布会改变什么。不写入任何东西。",
    "upgrade_app": "把升级放进草稿，再照常发布；尚有冲突未作选择时拒绝。",
    "plan_addition": "返回把一个包装入应用会做什么，内容与升级的相同。不写入任何东西。",
    "add_package": "把一个包放进应用的草稿；发布后建立它带来的记录。需要安装权限。",
    "plan_package_removal": "返回从应用移除一个包会做什么：哪些会去掉，哪些被修改过或仍在使用，以及它带来的记录。不写入任何东西。",
    "remove_package": "从应用的草稿中移除一个包，再照常发布；它的表和列保留其中的数据。需要安装权限。",
    "read_origins": "返回草稿的各个包如何定义某些指针处及其下的元素，即在本应用中修改之前的样子。",
    "read_provenance": "返回草稿中每个元素的来源：来自哪个包、是否在此修改过，或是在本应用中添加的。",
    "read_changes": "返回发布草稿将改变什么、有什么妨碍，以及将执行的 SQL。",
    "publish_app": "发布该修订号的草稿；涉及大表或给了时间时，答复后仍在进行（202）。",
    "rehearse_publish": "在现有记录上试发布草稿再撤回：哪些值会改变、哪些规则会被违反、哪些值会丢失、大约要多久。",
    "list_publishes": "列出该应用较费时的发布，最新的在前。",
    "read_publish": "查看一次发布的进度。",
    "cancel_publish": "取消一次尚未启用新版本的发布，一切恢复原样。",
    "list_versions": "返回应用的版本，新的在前，每次二十个。before：只要比它更早的。",
    "read_version": "返回一个版本及其文档。",
    "compare_versions": "用文字说明从一个版本到另一个版本（包括草稿）有什么不同，按元素的种类分组。",
    "compare_document": "与 compare_versions 相同，但与发送的文档比较。",
    "plan_restore": "说明恢复到某个版本会改变什么、有什么阻碍、对已有的值意味着什么，以及将执行的 SQL。leave_out_broken：略去记录已不符合的唯一约束。",
    "restore_version": "把某个版本的文档重新发布为新版本；之后停用的字段和实体连同数据一起恢复，草稿被放弃。",
    "list_retired": "返回以前的版本留下、当前版本不再显示的数据：是什么、有多少、从何时起；以及已经清除的数据。",
    "purge_retired": "按名称彻底清除停用的数据；须再次输入应用的标识。以后恢复有过这些数据的版本时，它们为空。",
    "read_uses": "返回某个版本中哪里用到了一个元素；对组织应用，也包括其他应用中的使用。pointer：`/entities/order/fields/total`。",
    "suggest_key": "为名称建议标识，中文用拼音。",
    "check_expression": "编写表达式时检查它，依据最近保存的草稿中的实体，并说明可以怎样写下去。",
    "try_expression": "编写表达式时试算它：返回它对一条已保存的记录给出的值，只含询问者可读的内容。",
    "list_functions": "返回表达式语言的全部函数和运算符：参数、结果和含义。",
    "upload_file": "上传一个文件，之后可以放进记录；在此之前只有上传者能读，一天后删除。",
    "read_file": "返回文件或 Range 所要的部分；只给能读其所在记录的人。small：图片的缩略图；save：一律作为文件保存；record：只在这条记录的历史中出现的文件也可以。",
    "read_calendar": "返回公式所读的工作日历：全部节假日和调休上班日，以及已列出的年份。",
    "read_calendar_year": "返回一年中列出的日子及其修订号。",
    "save_calendar_year": "替换一年中列出的日子，仅限系统管理员；别人已先修改时拒绝，有误的日子逐个说明。",
    "health": "表明服务器在运行并能连接数据库；否则为 503。",
    "read_app_schema": "返回应用文档的 JSON Schema，供编辑器和检查使用。",
    **MAIL_ENDPOINTS,
}
"""Chinese summary by the name of the operation."""

API_INTRODUCTION: tuple[tuple[str, str], ...] = (
    (
        ("Everything the pages do goes through this API. A client signs in with `POST /api/session`, keeps the cookie, and sends the "
        "`csrf_token` of the answer as header `X-CSRF-Token` with every request that changes something. The platform's OpenAPI document is "
        "at `/api/openapi.json`; every app describes its records at `/api/apps/{app}/openapi.json`."),
        ("网页的一切操作都经过这个接口。客户端用 `POST /api/session` 登录，保留 Cookie，并在每个改动数据的请求中以 `X-CSRF-Token` 头发送回答中的 "
        "`csrf_token`。平台接口的 OpenAPI 文档在 `/api/openapi.json`，每个应用的记录接口在 `/api/apps/{app}/openapi.json`。"),
    ),
    (
        ("Numbers and money are answered as text (`\"12.5\"`) and taken as text or number; dates as `2026-11-23`, instants in ISO 8601 with "
        "their zone, choices as the key of the option, references as the id of the record, blanks as `null`."),
        ("数字和金额以文本（`\"12.5\"`）回答，发送时文本或数字均可；日期写作 `2026-11-23`，时间点用带时区的 ISO 8601，单选用选项的标识，引用用记录的 id，"
        "空白为 `null`。"),
    ),
    (
        ("Rules may warn: 422 `record-unconfirmed` says of what, and the same request with a header `X-Confirm-Warnings: true` is "
        "carried out."),
        "规则可以只是提醒：回答 422 `record-unconfirmed` 并列出提醒的内容，带 `X-Confirm-Warnings: true` 头重新发送同一请求即可保存。",
    ),
    (
        "Refusals are described in [errors](errors.md); an example is worked through in [call the API](../how-to/call-the-api.md).",
        "被拒绝的回答见[错误](errors.md)，完整的例子见[调用接口](../how-to/call-the-api.md)。",
    ),
)

_ENTITY = "/api/apps/{app}/records/{entity}"

RECORD_CALLS: Mapping[str, tuple[str, str]] = {
    "GET /api/apps/{app}/records/{entity}/export": (
        "The whole list as a file (format=xlsx or csv): the records, order and fields of the list with the same parameters; references and options by their names.", "整个列表写成文件（format=xlsx 或 csv）：与同样参数的列表相同的记录、顺序和字段；引用和选项写成名称。"),
    "GET /api/apps/{app}/records/{entity}/template": (
        "An empty file with a column for every field that may be filled, for an import.", "一个空文件，每个可填的字段一列，供导入使用。"),
    f"GET {_ENTITY}/{{id}}/shares": (
        "With whom the record is shared, for those who may share it: `shares`.", "记录共享给了谁（`shares`），供可以共享它的人查看。"),
    f"POST {_ENTITY}/{{id}}/shares": (
        "Share the record with `to_user`, `to_department` or `to_role`, for reading or with `may_update`, until `expires_at`; it is seen by roles whose policy has rows `shared`.", "把记录共享给 `to_user`、`to_department` 或 `to_role`，只读或可修改（`may_update`），到 `expires_at` 为止；策略范围为 `shared` 的角色能看到。"),
    f"DELETE {_ENTITY}/{{id}}/shares/{{share}}": ("Take a share back.", "取消一个共享。"),
    f"GET {_ENTITY}": ("A page of records, without their lines, as `records`, `next`, `previous`, `total` and `total_is_exact`.", "一页记录，不含明细：`records`、`next`、`previous`、`total` 和 `total_is_exact`。"),
    f"POST {_ENTITY}": (
        ("Create a record; 201 and the record as saved. An `id` of the client's (UUID version 7) or a header `Idempotency-Key` makes "
        "sending it again harmless: the answer is then 200 and the record there is."),
        "新建记录，回答 201 和保存后的记录。自带 `id`（UUID 第 7 版）或 `Idempotency-Key` 头时，重复发送不会重复新建，回答 200 和已有的记录。",
    ),
    f"GET {_ENTITY}/{{id}}": (
        ("A record with its lines, and titles of what it points to as `<field>__title`. With `at` (an instant) or `revision` as it was "
        "then; `unknown` names the computed fields that rest on other records."),
        "一条记录及其明细，引用的标题为 `<字段>__title`。带 `at`（时刻）或 `revision`（版本）时为当时的样子；`unknown` 列出取决于其他记录的计算字段。",
    ),
    f"PATCH {_ENTITY}/{{id}}": (
        ("Change a record: `revision` and the changed values. Lines are sent whole: rows with their `id` stay, rows without are new, rows "
        "left out are deleted. What others changed since that `revision` is kept; 409 only where they changed the same value, with both in "
        "`conflicts`. With a header `Idempotency-Key`, sent again, it has the answer of "
        "the first time."),
        "修改记录：`revision` 和改动的值。明细整体发送：带 `id` 的行保留，不带的是新行，未发送的行被删除。其间他人的修改会保留；只有改了同一个值才是 409，`conflicts` 列出双方的值。带 `Idempotency-Key` 头时，重复发送的回答与第一次相同。",
    ),
    f"POST {_ENTITY}/guarded": (
        ("Add to fields and set them if guards hold afterwards: `rows` with `id` or `key`, `add` and `set`; `mode` `all` (all or none) or "
        "`granted` (as much as is left); `guard`, a condition; `create` for keys that are not there. 409 lists in `short` what there is."),
        "在底线成立的前提下增减和设置字段：`rows` 中每行有 `id` 或 `key`、`add`、`set`；`mode` 为 `all`（全部或全不）或 `granted`（有多少给多少）；`guard` 是条件；`create` 新建没有的键。409 在 `short` 中列出可用量。",
    ),
    f"POST {_ENTITY}/{{id}}/reverse": ("Take back an entry of a ledger, once: another entry is made in which what it measures is turned round, with the values sent, such as its date. 201.", "冲销账簿的一条记录，只能一次：新建一条数量金额取反的记录，可带不同的值（如日期）。回答 201。"),
    f"DELETE {_ENTITY}/{{id}}": ("Move a record to the trash; `revision` in the address. 204. `Idempotency-Key` as for a change.", "把记录移到回收站，地址中带 `revision`。回答 204。`Idempotency-Key` 头同修改。"),
    f"POST {_ENTITY}/{{id}}/transitions/{{key}}": (
        ("Take a transition of the record's states, with changed values as for a change where it needs some. The answer is the record, "
        "whose `transitions` are those open now."),
        "执行一个状态操作，需要时可同修改一样带上改动的值。回答保存后的记录，其中 `transitions` 是现在可以执行的操作。",
    ),
    f"POST {_ENTITY}/transitions": (
        ("Which transitions many records could take: `ids`, or a `filter` or words to `search` for. `records` says how many they are, and each of "
        "`transitions` for how many it is `open`: they are in a state it begins at, its condition holds, and you may change them."),
        ("多条记录可以执行哪些状态操作：发送 `ids`，或者 `filter`、`search`。`records` 为记录数，`transitions` 中每个操作的 `open` 是可以执行它的记录数："
        "处于它出发的状态、条件成立、且您有权修改。"),
    ),
    f"POST {_ENTITY}/{{id}}/reveal/{{field}}": ("The secret in a secret field, for who may change the record; history keeps that it was shown.", "返回密文字段中的密文，仅限可修改该记录的人；查看会记入历史。"),
    f"GET {_ENTITY}/{{id}}/history": (
        ("What happened to a record, newest first: who, when, by which channel and which transition, which fields from what to what, rows of lines too. "
        "Parameters `before` (`next` of another answer), `field`, `limit`."),
        "记录的修改历史，最新的在前：谁、何时、经由哪个渠道和哪个状态操作、哪些字段由什么改为什么，包括明细行。参数 `before`（上一页的 `next`）、`field`、`limit`。",
    ),
    f"POST {_ENTITY}/preview": (
        "The values as they would be computed and saved; nothing is written.",
        "返回将会计算并保存的值，不写入任何东西。",
    ),
    f"POST {_ENTITY}/decide": (
        ("Of a decision table: try it. Send `inputs`, values by the key of an input (what is missing is blank), and `date` where rows hold for a time "
        "(today without it). `answers` has the value or the error of each output, `records` the first 100 rows that match, in the order in which "
        "they count, `total` how many there are; only rows you may read decide."),
        ("用于决策表：试算。发送 `inputs`（以输入的标识为键的值，不写为空）；分期生效的表还可写 `date`，不写则为今天。`answers` 是每个输出的值或错误，"
        "`records` 是匹配的行，按先后次序，至多 100 行，`total` 为行数；只有可读的行起作用。"),
    ),
    f"GET {_ENTITY}/groups": (
        ("What records come to in groups, in one statement: `by` up to three fields, paths or expressions (`customer,MONTH(date)`), `measures` "
        "(`SUM(total),COUNT()`; COUNT, SUM, AVERAGE, MIN, MAX), `having` (`SUM(total) > 1000`), `sort` (`-SUM(total)`), `limit` and `offset`, "
        "and `filter`, `search` and `similar` as of a list. Without `by` one group: the figures of the whole list. "
        "Each of `groups` has `values`, `titles` of references and `measures`, in the order asked for; `total` says how many groups there are."),
        ("按组统计，一条语句完成：`by` 为至多三个字段、路径或表达式（`customer,MONTH(date)`），`measures`（`SUM(total),COUNT()`，可用 COUNT、SUM、AVERAGE、MIN、MAX），"
        "`having`（`SUM(total) > 1000`），`sort`（`-SUM(total)`），`limit` 和 `offset`，以及与列表相同的 `filter`、`search`、`similar`。不写 `by` 时为整个列表的统计。"
        "`groups` 的每一项有 `values`、引用的标题 `titles` 和 `measures`，顺序同请求；`total` 为组数。"),
    ),
    f"GET {_ENTITY}/facets": (
        ("For each of `fields` the commonest values with their `count`, and `title` for references, days and times by the month, at most `limit` of "
        'each; `filter`, `search` and `similar` as of a list. `chosen`, JSON such as `{"state": ["draft", null]}`, holds what is chosen: '
        "each field is counted under the choices of the others."),
        ('`fields` 中每个字段最常见的值及其 `count`，引用还有 `title`，日期和时间按月，每个字段至多 `limit` 个；`filter`、`search`、`similar` 同列表。'
        '`chosen` 为已选的值，如 `{"state": ["draft", null]}`：每个字段按其他字段的选择计数。'),
    ),
    f"POST {_ENTITY}/bulk": (
        ("Up to 10,000 changes in one request and one change set: `changes`, or a `filter` with one `action` for all records that match. "
        "`mode` `all` saves everything or nothing and reports every issue, `each` saves what is right. How: "
        "[change many records](../how-to/change-many-records.md)."),
        ("一个请求、一个变更集，最多 10,000 项修改：`changes`，或用 `filter` 对所有符合条件的记录做同一个 `action`。`mode` 为 `all` 时全部保存或全不保存，并报告所有问题；"
        "为 `each` 时保存没有问题的。用法见[批量修改记录](../how-to/change-many-records.md)。"),
    ),
    f"POST {_ENTITY}/upsert": (
        ("Change the record whose key fields have these `values`, or create it: `by` names the fields of a unique constraint or `id`; "
        "`lines_by` the fields by which rows are matched. 201 when it was created, 200 when changed."),
        "按关键字段修改已有记录，没有则新建：`by` 为某个唯一约束的字段或 `id`，`lines_by` 为匹配明细行的字段。新建回答 201，修改回答 200。",
    ),
    f"POST {_ENTITY}/{{id}}/restore": (
        ("Take a record with its lines out of the trash; refused where it would not be unique, points to the trash or breaks a rule. "
        "`revision` in the address."),
        "从回收站恢复记录及其明细；若会重复、引用了回收站中的记录或违反规则，则拒绝。地址中可带 `revision`。",
    ),
}
"""Calls of records: method and path, then what it does."""

LIST_PARAMETERS: Mapping[str, tuple[str, str]] = {
    "filter": ("A condition, as an [expression](../how-to/write-an-expression.md).", "条件，写成[表达式](../how-to/write-an-expression.md)。"),
    "search": (
        ("Words that the search fields all contain, by default the title and indexed texts. Chinese is found by pinyin and its initials too. "
        "Where nothing has them, the answer is what has them but for a letter, and says `similar`."),
        "搜索字段（默认为标题和有索引的文本）中都要包含的词，中文也可用拼音或首字母。没有结果时返回只差一个字的记录，并带有 `similar`。",
    ),
    "similar": ("`true`: words may have a letter that is wrong, for further pages of an answer that says so.", "`true`：允许错一个字，用于翻阅带 `similar` 的结果。"),
    "sort": (
        "Fields, or paths through references, a minus sign for descending: `-date,customer.region.name`.",
        "排序字段，或经引用的路径，减号表示降序：`-date,customer.region.name`。",
    ),
    "fields": ("The fields wanted, or paths through references: `number,customer,customer.city`.", "需要的字段：`number,customer,customer.city`。"),
    "limit": ("Records a page, at most 200; 50 when left out.", "每页条数，最多 200，默认 50。"),
    "after": ("`next` of another page: the records after it.", "另一页的 `next`：其后的记录。"),
    "before": ("`previous` of another page: the records before it.", "另一页的 `previous`：其前的记录。"),
    "at": ("`start` or `end`: the first or the last page.", "`start` 或 `end`：第一页或最后一页。"),
    "from": ("A value of the first sort field: begin there.", "第一个排序字段的值：从那里开始。"),
    "trash": ("`true`: the records in the trash, for those who may delete them; `updated_at` and `updated_by` say when and who.",
              "`true`：回收站中的记录，供可以删除它们的人查看；`updated_at` 和 `updated_by` 为何时由谁删除。"),
    "total": ("`none`, `exact` or `estimate`.", "`none`、`exact`（精确）或 `estimate`（估计）。"),
}
"""Parameters of a list: name, then what it means."""
