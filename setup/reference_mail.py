"""What calls of the API about sign-in, links and mail do, in the words the code does not have, for `write_reference`; texts only."""

from collections.abc import Mapping

MAIL_ENDPOINTS: Mapping[str, str] = {
    "sign_in": "用邮箱和密码登录，回答中设置会话的 Cookie；需要验证码时回答 202，设置的是登录到一半的 Cookie。",
    "read_session": "返回当前登录的人。",
    "change_session": "设置当前用户的语言，保存在其用户记录中。",
    "sign_out": "退出登录，所有进程中的该会话立即失效。",
    "check_link": "返回一次性链接属于谁；链接仍可使用。",
    "ask_reset": "把重设密码的链接发给使用此邮箱的人；没有这个人时，回答和所用时间都一样。",
    "list_invitees": "返回还没有密码的有效用户，以及何时被邀请；仅限管理员。",
    "invite": "用邮件邀请用户，或返回一次性链接以便转交；仅限管理员。",
    "list_mail": "返回能否发送邮件、以谁的名义，以及最近的邮件，未发出的在前。",
    "test_mail": "立即给提出请求的管理员发一封邮件；不能发送时，说明邮件服务器的回答。",
    "send_mail_again": "重新发送一封未发出的邮件；其中的链接会重新生成。",
    "use_link": "为链接所属的用户设置密码并登录（同 sign_in）；链接随即失效，该用户的其他会话结束。",
    "read_sign_in_options": "返回可以怎样登录：可前往的登录方，以及能否用邮件重设密码；不需登录。",
    "start_oidc": "让浏览器前往登录方登录；next 是之后要到的本产品页面。",
    "return_from_oidc": "浏览器从登录方返回：登录成功、需要第二步，或说明出了什么问题。",
    "read_sign_out": "返回当前用户还可以在哪里退出所经过的登录方；不需要或对方不回答时为空。",
    "list_providers": "返回已设置的登录方式，不含密钥；仅限管理员。",
    "save_provider": "新建或修改登录方式；仅限管理员。",
    "remove_provider": "移除登录方式；已由此登录过的人仍是用户。仅限管理员。",
    "try_provider": "询问登录方自己的信息，或让目录查找一个人；不成时说明原因。仅限管理员。",
}
"""Chinese sentences by the name of an operation."""
