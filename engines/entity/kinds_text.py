"""Rows of the table of field kinds whose values are texts."""

from engines.entity.field_kind import COUNTED, SEARCHED, TEXT_COLUMN, TEXTUAL, kind
from engines.values.value_types import TEXT

TEXT_KINDS = (
    kind("text", ("单行文本", "Text"),
         ("一行文字，默认最多 200 个字符。", "One line of text, 200 characters unless max_length says otherwise."), TEXT, TEXT_COLUMN, TEXTUAL),
    kind("long_text", ("多行文本", "Long text"),
         ("多行文字，默认最多 10000 个字符。", "Text of several lines, 10,000 characters unless max_length says otherwise."), TEXT, TEXT_COLUMN, TEXTUAL),
    kind("rich_text", ("富文本", "Rich text"),
         ("带格式的文字，存为 HTML；不安全的内容在保存时去掉，列表的筛选按其中的文字。",
          "Text with headings, lists, links and tables, kept as HTML and made safe when it is saved. Filters of lists see its words."),
         TEXT, TEXT_COLUMN, SEARCHED, COUNTED, read_by="filters"),
    kind("phone", ("电话", "Phone"),
         ("电话号码，可带国家区号、分机。", "A phone number, with country code and extension if need be."), TEXT, TEXT_COLUMN, TEXTUAL),
    kind("email", ("邮箱", "E-mail"), ("一个邮箱地址。", "One e-mail address."), TEXT, TEXT_COLUMN, TEXTUAL),
    kind("url", ("网址", "Web address"), ("以 http:// 或 https:// 开头的网址。", "An address that begins with http:// or https://."), TEXT, TEXT_COLUMN, TEXTUAL),
    kind("barcode", ("条码", "Barcode"),
         ("显示为条形码或二维码的文字，可用摄像头扫描填写；校验位按格式检查。",
          "Text shown as a bar code or a QR code, which a camera can read in; check digits of its format must be right."),
         TEXT, TEXT_COLUMN, TEXTUAL),
    kind("secret", ("密文", "Secret"),
         ("密钥、口令等：另存一处，任何地方都只显示为 ••••••；可修改记录的人可以查看，查看会记入历史。表达式、筛选都读不到。",
          "A password or a key, kept apart and masked everywhere; who may change the record can reveal it, which history keeps. No expression can read it."),
         TEXT, TEXT_COLUMN, (), (), read_by="none"),
)  # fmt: skip
"""text, long_text, rich_text, phone, email, url, barcode, secret."""
