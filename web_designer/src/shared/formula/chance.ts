/** Random numbers, made of the random digits that the context gives. */
import Big from "big.js";
import { Failure, type FormulaContext } from "./values";

const DIGITS = 9;
const BILLION = 10n ** BigInt(DIGITS);
const DRAWS = 6;

function digits(context: FormulaContext, draws: number): bigint {
  if (context.random === undefined) throw new Error("the context of this evaluation gives no random digits");
  let number = 0n;
  for (let count = 0; count < draws; count += 1) number = number * BILLION + BigInt(context.random());
  return number;
}

/** Returns the least whole number not below a number. */
function ceiling(number: Big): bigint {
  const whole = number.round(0, 0);
  return BigInt((whole.lt(number) ? whole.plus(1) : whole).toFixed());
}

function between(context: FormulaContext, low: Big, high: Big): Big {
  const [least, most] = [ceiling(low), -ceiling(high.neg())];
  if (least > most) throw new Failure("NUM");
  // The span is below 10^39; with nine digits more than that no number is noticeably likelier than another.
  return new Big((least + (digits(context, DRAWS) * (most - least + 1n)) / BILLION ** BigInt(DRAWS)).toString());
}

export const inContext = {
  RAND: (context: FormulaContext) => new Big(`${digits(context, 2)}e-${2 * DIGITS}`),
  RANDBETWEEN: between,
};
