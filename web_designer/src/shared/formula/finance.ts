/** Loans and annuities; money paid out is negative, as in spreadsheets. */
import Big from "big.js";
import { exponential, fromFixed, logarithm, over, sizeOf, times, toFixed, UNIT } from "./fixed";
import { add, quotient, ZERO } from "./numbers";
import { approximation } from "./roots";
import { ErrorValue, Failure, MAX_LIST, type CompileNode, type CallNode, type Value } from "./values";

// A rate below this counts as none: over the most periods there may be, it changes none of the 20 digits.
const SMALLEST_RATE = new Big("1e-30");
export const MOST_PERIODS = new Big("1e9");
const MOST_GROWTH = 138n * UNIT;
const LEAST_GROWTH = -1000n * UNIT;
const MOST_TOTAL = 10n ** 61n * UNIT;

function counts(rate: Big): boolean {
  return rate.abs().gte(SMALLEST_RATE);
}

/** Returns the logarithm of what 1 grows to over so many periods; 0 for a rate that counts as none. */
function growthExponent(rate: Big, periods: Big): bigint {
  if (rate.lte(-1)) throw new Failure("NUM");
  if (periods.abs().gt(MOST_PERIODS)) throw new Failure("LIMIT");
  return counts(rate) ? times(toFixed(periods), logarithm(rate.plus(1))) : 0n;
}

function powerOfE(exponent: bigint): bigint {
  if (exponent > MOST_GROWTH) throw new Failure("LIMIT");
  return exponential(exponent < LEAST_GROWTH ? LEAST_GROWTH : exponent);
}

/** Returns what a payment at the beginning of a period is worth at its end. */
function early(rate: Big, kind: Big): bigint {
  return kind.eq(0) ? UNIT : UNIT + toFixed(rate);
}

function answer(fixed: bigint): Big {
  return approximation(fromFixed(fixed));
}

function exactPayment(rate: Big, periods: Big, present: Big, future: Big, kind: Big): bigint {
  const exponent = growthExponent(rate, periods);
  if (periods.eq(0)) throw new Failure("NUM");
  const [first, last] = [toFixed(present), toFixed(future)];
  if (!counts(rate)) return -over(first + last, divisor(toFixed(periods)));
  // Whichever of growth and discount is below 1 cannot overflow.
  const small = powerOfE(-sizeOf(exponent));
  const worth = exponent < 0n ? times(first, small) + last : -(first + times(last, small));
  return over(times(worth, toFixed(rate)), divisor(times(UNIT - small, early(rate, kind))));
}

function divisor(fixed: bigint): bigint {
  if (fixed === 0n) throw new Failure("NUM");
  return fixed;
}

function payment(rate: Big, periods: Big, present: Big, future: Big, kind: Big): Big {
  return answer(exactPayment(rate, periods, present, future, kind));
}

/** Returns what amounts become whose payments shrink (-1n, PV) or grow (1n, FV) with each period. */
function valueOf(sign: bigint): (rate: Big, periods: Big, paid: Big, other: Big, kind: Big) => Big {
  return (rate, periods, paid, other, kind) => {
    const exponent = sign * growthExponent(rate, periods);
    if (!counts(rate)) return approximation(other.plus(paid.times(periods)).neg());
    const power = powerOfE(exponent);
    const annuity = times(early(rate, kind), sign * over(power - UNIT, toFixed(rate)));
    return answer(-(times(toFixed(paid), annuity) + times(toFixed(other), power)));
  };
}

function periodsOf(rate: Big, paid: Big, present: Big, future: Big, kind: Big): Big {
  if (rate.lte(-1)) throw new Failure("NUM");
  if (!counts(rate)) {
    return answer(-over(toFixed(present.plus(future)), divisor(toFixed(paid))));
  }
  const paidLate = kind.eq(0) ? paid : paid.times(rate.plus(1));
  const [last, first] = [paidLate.minus(future.times(rate)), paidLate.plus(present.times(rate))];
  if (last.eq(0) || first.eq(0) || last.lt(0) !== first.lt(0)) throw new Failure("NUM");
  return answer(over(logarithm(last.abs()) - logarithm(first.abs()), logarithm(rate.plus(1))));
}

/** Returns the payment of one period and how much of it is principal. */
function parts(rate: Big, period: Big, periods: Big, present: Big, future: Big, kind: Big): readonly [bigint, bigint] {
  if (period.lt(1) || period.gt(periods)) throw new Failure("NUM");
  const paid = exactPayment(rate, periods, present, future, kind);
  if (!counts(rate) || (!kind.eq(0) && period.eq(1))) return [paid, paid];
  // -rate * (present + future) * v^(periods - period + 1) / (1 - v^periods), v being what 1 is worth a period earlier.
  const whole = growthExponent(rate, periods);
  const before = over(times(whole, toFixed(period) - UNIT), toFixed(periods));
  const part = powerOfE(whole < 0n ? before : before - whole);
  const span = whole < 0n ? powerOfE(whole) - UNIT : UNIT - powerOfE(-whole);
  const owed = -times(toFixed(present) + toFixed(future), toFixed(rate));
  return [paid, over(times(owed, part), times(span, early(rate, kind)))];
}

/** Returns the numbers among values and lists of such, blanks left out. */
export function flowsOf(amounts: readonly Value[]): Big[] {
  const flows: Big[] = [];
  for (const amount of amounts) {
    for (const part of Array.isArray(amount) ? (amount as readonly Value[]) : [amount]) {
      if (part instanceof ErrorValue) throw new Failure(part.code);
      if (part instanceof Big) flows.push(part);
    }
  }
  if (flows.length > MAX_LIST) throw new Failure("LIMIT");
  return flows;
}

function netPresentValue(rate: Big, amounts: readonly Value[]): Big {
  if (rate.eq(-1)) throw new Failure("DIV0");
  const flows = flowsOf(amounts);
  const factor = toFixed(rate.plus(1));
  if (factor === 0n) throw new Failure("LIMIT");
  const discount = over(UNIT, factor);
  let total = 0n;
  for (const flow of flows.reverse()) {
    total = times(total + toFixed(flow), discount);
    if (sizeOf(total) >= MOST_TOTAL) throw new Failure("LIMIT");
  }
  return answer(total);
}

/** NPV takes values and lists, and a blank among them is left out. */
function makeNetPresentValue(node: CallNode, compileNode: CompileNode): ReturnType<CompileNode> {
  const [rate, ...amounts] = node.args.map(compileNode);
  return (frames, context) => {
    const given = rate?.(frames, context);
    const values = amounts.map((amount) => amount(frames, context));
    return netPresentValue(given instanceof Big ? given : ZERO, values);
  };
}

export const makes = { NPV: makeNetPresentValue };

export const plain = {
  PMT: payment,
  PV: valueOf(-1n),
  FV: valueOf(1n),
  NPER: periodsOf,
  IPMT: (...args: [Big, Big, Big, Big, Big, Big]) => {
    const [paid, principal] = parts(...args);
    return answer(paid - principal);
  },
  PPMT: (...args: [Big, Big, Big, Big, Big, Big]) => answer(parts(...args)[1]),
  SLN: (cost: Big, salvage: Big, life: Big) => quotient(add(cost, salvage.neg()), life),
};
