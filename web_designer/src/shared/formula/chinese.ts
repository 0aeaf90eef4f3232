/** Functions for what is written in China: amounts and numbers in words, citizens' numbers, credit codes, phones, mail, bank cards. */
import Big from "big.js";
import type { Make } from "./choices";
import { numberText } from "./numbers";
import { Failure, type FormulaContext, type Run, type Value } from "./values";

const PLAIN = "零一二三四五六七八九";
const FORMAL = "零壹贰叁肆伍陆柒捌玖";
const DIGITS = "〇一二三四五六七八九";
const PLAIN_UNITS = ["", "十", "百", "千"];
const FORMAL_UNITS = ["", "拾", "佰", "仟"];
const HALF_UP = 1;

/** Returns at most four digits in words; a run of zeros inside is one 零, zeros at the end are none. */
function group(number: string, digits: string, units: readonly string[]): string {
  let words = "";
  let isWaiting = false;
  [...number].forEach((digit, place) => {
    if (digit === "0") {
      isWaiting = words !== "";
      return;
    }
    words += (isWaiting ? "零" : "") + (digits[Number(digit)] ?? "") + (units[number.length - 1 - place] ?? "");
    isWaiting = false;
  });
  return words;
}

/** Returns a whole number in words; what stands before 亿 is read as a number of its own. */
function whole(given: string, digits: string, units: readonly string[], isSpoken = false, unitOfMillions = "亿"): string {
  const number = given.replace(/^0+/, "");
  if (number.length <= 4) {
    const words = group(number, digits, units);
    return isSpoken && number.length === 2 && number.startsWith("1") ? words.slice(1) : words;
  }
  const [size, unit] = number.length > 8 ? [8, unitOfMillions] : [4, "万"];
  const [head, tail] = [number.slice(0, -size), number.slice(-size)];
  const rest = whole(tail, digits, units, isSpoken && size === 8);
  return whole(head, digits, units, isSpoken, "万万") + unit + (rest !== "" && tail.startsWith("0") ? "零" : "") + rest;
}

function rmbUpper(value: Value): string {
  if (!(value instanceof Big)) return "";
  const amount = value.round(2, HALF_UP);
  if (amount.eq(0)) return "零元整";
  const [yuanDigits = "", cents = ""] = amount.abs().toFixed(2).split(".");
  const yuan = whole(yuanDigits, FORMAL, FORMAL_UNITS);
  const [tenths, hundredths] = [Number(cents[0]), Number(cents[1])];
  let words = (amount.lt(0) ? "负" : "") + yuan + (yuan !== "" ? "元" : "");
  if (tenths > 0) words += `${FORMAL[tenths] ?? ""}角`;
  else if (yuan !== "" && hundredths > 0) words += "零";
  return words + (hundredths > 0 ? `${FORMAL[hundredths] ?? ""}分` : "整");
}

function chineseNumber(value: Value, style: Value): string {
  const digits = style === "plain" ? PLAIN : style === "formal" ? FORMAL : style === "digits" ? DIGITS : null;
  if (digits === null) throw new Failure("VALUE");
  if (!(value instanceof Big)) return "";
  const text = numberText(value);
  const [integer = "", fraction = ""] = text.replace("-", "").split(".");
  const spelt = (written: string) => Array.from(written, (digit) => digits[Number(digit)] ?? "").join("");
  let words = "零";
  if (style === "digits") words = spelt(integer);
  else if (integer !== "0") words = whole(integer, digits, style === "formal" ? FORMAL_UNITS : PLAIN_UNITS, style === "plain");
  return (text.startsWith("-") ? "负" : "") + words + (fraction !== "" ? `点${spelt(fraction)}` : "");
}

const CARD = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{15}[0-9Xx]$/;
const CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Returns the date of birth in a citizen's number, null when it is not valid. */
export function cardBirthday(card: string): string | null {
  if (!CARD.test(card)) return null;
  const total = CARD_WEIGHTS.reduce((sum, weight, place) => sum + Number(card[place]) * weight, 0);
  if (card.slice(17).toUpperCase() !== "10X98765432"[total % 11]) return null;
  const [year, month, day] = [Number(card.slice(6, 10)), Number(card.slice(10, 12)), Number(card.slice(12, 14))];
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  const isDay = year >= 1 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return isDay ? `${card.slice(6, 10)}-${card.slice(10, 12)}-${card.slice(12, 14)}` : null;
}

function gender(card: string): string | null {
  if (cardBirthday(card) === null) return null;
  return Number(card[16]) % 2 === 1 ? "男" : "女";
}

function age(card: string, on: string): Big | null {
  const birth = cardBirthday(card);
  if (birth === null) return null;
  if (on < birth) throw new Failure("NUM");
  return new Big(Number(on.slice(0, 4)) - Number(birth.slice(0, 4)) - (on.slice(5) < birth.slice(5) ? 1 : 0));
}

const CREDIT = /^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

function isCreditCode(text: string): boolean {
  // Small letters of ASCII alone: toUpperCase would also make an ASCII letter of some others.
  const code = text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  if (!CREDIT.test(code)) return false;
  let [sum, weight] = [0, 1];
  for (const character of code.slice(0, 17)) {
    sum += CREDIT_CHARACTERS.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return (sum + CREDIT_CHARACTERS.indexOf(code.slice(17))) % 31 === 0;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,58}[A-Za-z0-9])$`);

function isEmail(text: string): boolean {
  return text.length <= 254 && text.indexOf("@") <= 64 && EMAIL.test(text);
}

function isBankCard(text: string): boolean {
  if (!/^[1-9][0-9]{9,18}$/.test(text)) return false;
  let sum = 0;
  [...text].reverse().forEach((digit, place) => {
    const doubled = Number(digit) * (1 + (place % 2));
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return sum % 10 === 0;
}

/** Returns what makes a call whose function looks at blanks itself. */
function kept(apply: (...values: Value[]) => Value): Make {
  return (node, compileNode) => {
    const runs: readonly Run[] = node.args.map(compileNode);
    return (frames, context: FormulaContext) => apply(...runs.map((run) => run(frames, context)));
  };
}

export const makes = { RMBUPPER: kept(rmbUpper), CNNUMBER: kept((value, style = null) => chineseNumber(value ?? null, style)) };

export const plain = {
  IDCARDVALID: (card: string) => cardBirthday(card) !== null,
  IDCARDBIRTHDAY: cardBirthday,
  IDCARDGENDER: gender,
  IDCARDAGE: age,
  IDCARDREGION: (card: string) => (cardBirthday(card) === null ? null : card.slice(0, 6)),
  USCCVALID: isCreditCode,
  MOBILEVALID: (text: string) => /^1[3-9][0-9]{9}$/.test(text),
  EMAILVALID: isEmail,
  BANKCARDVALID: isBankCard,
};
