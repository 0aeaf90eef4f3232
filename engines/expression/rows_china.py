"""The rows of functions for what is peculiar to China: amounts in words, numbers of people and firms, readings, the lunar calendar."""

from __future__ import annotations

from engines.expression.function import Arg, Function, Place, row
from engines.values.value_types import BOOL, DATE, NUMBER, TEXT

# Styles of CNNUMBER and forms of PINYIN.
STYLES = ("plain", "formal", "digits")
FORMS = ("full", "initials")

_NOT_SQL: tuple[Place, ...] = ("python", "browser")
_VALUE, _TEXT, _CARD = Arg("value", NUMBER), Arg("text", TEXT), Arg("id_card", TEXT)

CHINA_ROWS: tuple[Function, ...] = (
    row("RMBUPPER", (_VALUE,), TEXT, "人民币大写，四舍五入到分；空值得到空文本",
        "An amount of yuan in formal Chinese numerals, halves rounded up to the fen; of a blank an empty text",
        ("RMBUPPER(1409.5)", "\"壹仟肆佰零玖元伍角整\""), ("RMBUPPER(-0.05)", "\"负伍分\""), null="kept", runs_in=_NOT_SQL),
    row("CNNUMBER", (_VALUE, Arg("style", TEXT, default="\"plain\"")), TEXT,
        "中文数字；样式：plain（一百二十三）、formal（壹佰贰拾叁）、digits（一二三）；空值得到空文本",
        "A number in Chinese numerals; styles: plain (一百二十三), formal (壹佰贰拾叁), digits (一二三); of a blank an empty text",
        ("CNNUMBER(100100)", "\"十万零一百\""), ("CNNUMBER(-3.14)", "\"负三点一四\""),
        ("CNNUMBER(2024, \"digits\")", "\"二〇二四\""), null="kept", fails=("VALUE",), runs_in=_NOT_SQL),
    row("IDCARDVALID", (_CARD,), BOOL, "是否为有效的 18 位公民身份号码（省份、日期、校验码）；15 位的旧号码无效",
        "Whether it is a citizen's number of 18 characters: province, date and check digit are right; the old 15 digits are not valid",
        ("IDCARDVALID(\"11010519491231002x\")", "TRUE"), ("IDCARDVALID(\"310101199002301233\")", "FALSE"), runs_in=_NOT_SQL),
    row("IDCARDBIRTHDAY", (_CARD,), DATE, "身份号码中的出生日期；号码无效则为空",
        "The date of birth in a citizen's number, blank when the number is not valid",
        ("IDCARDBIRTHDAY(\"440305200002290467\")", "#2000-02-29#"), ("ISBLANK(IDCARDBIRTHDAY(\"1\"))", "TRUE"), blank=True),
    row("IDCARDGENDER", (_CARD,), TEXT, "身份号码中的性别：男或女；号码无效则为空",
        "The gender in a citizen's number, 男 or 女, blank when the number is not valid",
        ("IDCARDGENDER(\"510104198511117778\")", "\"男\""), blank=True),
    row("IDCARDAGE", (_CARD, Arg("on", DATE, optional=True)), NUMBER, "身份号码所示的周岁；不写截至日期则到今天为止；号码无效则为空",
        "The age in years by a citizen's number, today unless another day is given; blank when the number is not valid",
        ("IDCARDAGE(\"440305200002290467\", #2024-02-28#)", "23"), blank=True, fails=("NUM",), runs_in=_NOT_SQL),
    row("IDCARDREGION", (_CARD,), TEXT, "身份号码中的行政区划代码；号码无效则为空",
        "The code of the region in a citizen's number, blank when the number is not valid",
        ("IDCARDREGION(\"310101199003071230\")", "\"310101\""), blank=True, runs_in=_NOT_SQL),
    row("IDCARDREGIONNAME", (_CARD,), TEXT, "身份号码中的行政区划名称（含已撤销的）；号码无效或没有该代码则为空",
        "The name of the region in a citizen's number, former regions included; blank when there is none",
        ("IDCARDREGIONNAME(\"440524188001010014\")", "\"广东省汕头市潮阳县\""), blank=True, runs_in=_NOT_SQL),
    row("USCCVALID", (_TEXT,), BOOL, "是否为有效的统一社会信用代码（校验码正确）",
        "Whether it is a unified social credit code whose check character is right",
        ("USCCVALID(\"91110000600037341L\")", "TRUE"), runs_in=_NOT_SQL),
    row("MOBILEVALID", (_TEXT,), BOOL, "是否为中国大陆手机号码（11 位数字，不含空格和国家代码）",
        "Whether it is a mobile number of mainland China: 11 digits, no blanks, no country code",
        ("MOBILEVALID(\"13812345678\")", "TRUE"), ("MOBILEVALID(\"+8613812345678\")", "FALSE")),
    row("EMAILVALID", (_TEXT,), BOOL, "是否为邮箱地址的写法（名称@域名.后缀）", "Whether it is written like an e-mail address",
        ("EMAILVALID(\"li.lei@example.com\")", "TRUE"), ("EMAILVALID(\"li.lei@example\")", "FALSE"), runs_in=_NOT_SQL),
    row("BANKCARDVALID", (_TEXT,), BOOL, "是否为有效的银行卡号（10 到 19 位数字，校验位正确）",
        "Whether it is the number of a bank card: 10 to 19 digits whose check digit is right",
        ("BANKCARDVALID(\"6222021234567890128\")", "TRUE"), runs_in=_NOT_SQL),
    row("PINYIN", (_TEXT, Arg("form", TEXT, default="\"full\"")), TEXT,
        "拼音，不带声调；形式：full（zhong guo）、initials（zg）；其他字符不变",
        "Chinese characters in pinyin without tones; forms: full (zhong guo), initials (zg); other characters stay",
        ("PINYIN(\"重庆A公司\")", "\"chong qing A gong si\""), ("PINYIN(\"银行\", \"initials\")", "\"yh\""),
        fails=("VALUE",), runs_in=_NOT_SQL),
    row("LUNARDATE", (Arg("date", DATE),), TEXT, "农历日期（1900-01-31 至 2101-01-28）",
        "The date of the Chinese calendar, from 1900-01-31 to 2101-01-28", ("LUNARDATE(#2024-02-10#)", "\"甲辰年正月初一\""),
        ("LUNARDATE(#2023-03-22#)", "\"癸卯年闰二月初一\""), null="blank", runs_in=_NOT_SQL),
)
