"""The rows of financial functions: arguments in the order of spreadsheets; what is paid out is negative."""

from __future__ import annotations

from engines.expression.function import Arg, Function, Place, row
from engines.values.value_types import DATE, NUMBER, list_of

_RATE, _PERIODS = Arg("rate", NUMBER), Arg("periods", NUMBER)
_PRESENT, _PAYMENT = Arg("present", NUMBER), Arg("payment", NUMBER)
_PRESENT_OR_0, _FUTURE_OR_0 = Arg("present", NUMBER, default="0"), Arg("future", NUMBER, default="0")
# 0: payments at the end of each period; anything else: at its beginning.
_TIMING = Arg("timing", NUMBER, default="0")
_GUESS = Arg("guess", NUMBER, default="0.1")
_FLOWS = list_of(NUMBER)
_NO_SQL: tuple[Place, ...] = ("python", "browser")

FINANCE_ROWS: tuple[Function, ...] = (
    row("PMT", (_RATE, _PERIODS, _PRESENT, _FUTURE_OR_0, _TIMING), NUMBER,
        "等额还款每期的付款额：利率、期数、现值、终值（默认 0）、付款时点（0 期末，1 期初）",
        "The payment of each period that brings the present value to the future one; timing 1: at the beginning of periods",
        ("ROUND(PMT(0.05 / 12, 60, -10000), 2)", "188.71"), ("PMT(0, 4, -100)", "25"), fails=("NUM",)),
    row("PV", (_RATE, _PERIODS, _PAYMENT, _FUTURE_OR_0, _TIMING), NUMBER, "各期付款与终值折算到今天的价值",
        "What the payments and a last amount are worth today", ("ROUND(PV(0.08, 10, -1000), 2)", "6710.08"), fails=("NUM",)),
    row("FV", (_RATE, _PERIODS, _PAYMENT, _PRESENT_OR_0, _TIMING), NUMBER, "现值与各期付款到期时的价值",
        "What a first amount and the payments will be worth", ("FV(0.03, 5, -2000, -10000)", "22211.012363"), fails=("NUM",)),
    row("NPER", (_RATE, _PAYMENT, _PRESENT, _FUTURE_OR_0, _TIMING), NUMBER, "从现值到终值需要的期数",
        "How many payments bring the present value to the future one", ("ROUND(NPER(0.01, -100, 1000), 4)", "10.5886"),
        fails=("NUM",), runs_in=_NO_SQL),
    row("RATE", (_PERIODS, _PAYMENT, _PRESENT, _FUTURE_OR_0, _TIMING, _GUESS), NUMBER, "每期的利率（取离估计值最近的解）",
        "The rate of each period, the one nearest to the guess", ("ROUND(RATE(48, -200, 8000), 6)", "0.007701"),
        fails=("NUM",), runs_in=_NO_SQL),
    row("IPMT", (_RATE, Arg("period", NUMBER), _PERIODS, _PRESENT, _FUTURE_OR_0, _TIMING), NUMBER, "某一期付款中的利息",
        "The interest in the payment of one period", ("ROUND(IPMT(0.1 / 12, 1, 36, 8000), 2)", "-66.67"),
        fails=("NUM",), runs_in=_NO_SQL),
    row("PPMT", (_RATE, Arg("period", NUMBER), _PERIODS, _PRESENT, _FUTURE_OR_0, _TIMING), NUMBER, "某一期付款中的本金",
        "The principal in the payment of one period", ("ROUND(PPMT(0.1 / 12, 1, 36, 8000), 2)", "-191.47"),
        fails=("NUM",), runs_in=_NO_SQL),
    row("SLN", (Arg("cost", NUMBER), Arg("salvage", NUMBER), Arg("life", NUMBER)), NUMBER, "直线法每期的折旧额：原值、残值、期数",
        "The straight-line depreciation of each period", ("SLN(30000, 7500, 10)", "2250"), fails=("DIV0",)),
    row("NPV", (_RATE, Arg("amount", NUMBER)), NUMBER, "净现值：各期末的金额（数字或列表）按利率折算到今天；空值不占一期",
        "What amounts (numbers or lists) at the end of each period are worth today; a blank takes no period",
        ("ROUND(NPV(0.08, [8000, 9200, 10000]), 2)", "23233.25"), null="kept", fails=("DIV0",), repeats=1, runs_in=_NO_SQL),
    row("IRR", (Arg("amounts", _FLOWS), _GUESS), NUMBER, "内部收益率：使各期金额净现值为零的利率（最多 2,000 期，取离估计值最近的解）",
        "The rate at which the amounts of the periods (2,000 at most) are worth nothing, the one nearest to the guess",
        ("ROUND(IRR([-100, 60, 60]), 6)", "0.130662"), fails=("NUM",), blank=True, runs_in=_NO_SQL),
    row("XIRR", (Arg("amounts", _FLOWS), Arg("dates", list_of(DATE)), _GUESS), NUMBER, "按日期的年化内部收益率（每年 365 天）",
        "The yearly rate (of 365 days) at which the amounts on their dates are worth nothing",
        ("ROUND(XIRR([-1000, 1100], [#2023-01-01#, #2024-01-01#]), 6)", "0.1"), fails=("NUM",), blank=True, runs_in=_NO_SQL),
)
