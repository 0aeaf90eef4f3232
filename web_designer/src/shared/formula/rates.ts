/**
 * Rates that nothing but trying finds: RATE, IRR and XIRR; the one nearest to the guess.
 *
 * Where the value changes its sign is looked for in floats, which is quick; the answer is then computed to many digits.
 */
import Big from "big.js";
import { exponential, fromFixed, logarithm, over, sizeOf, smallPower, times, toFixed, UNIT } from "./fixed";
import { flowsOf, MOST_PERIODS } from "./finance";
import { approximation } from "./roots";
import { ErrorValue, Failure, type Value } from "./values";

const MOST_FLOWS = 2000;
// Rates are looked for between -99.9999998 % and 2.4 * 10^17: e^-20 - 1 and e^40 - 1.
const LOWEST = -20;
const HIGHEST = 40;
const FIRST_STEP = 0.01;
const STEP_GROWTH = 1.2;
const STEPS = 38;
const HALVINGS = 52;
const RATE_PLACES = 30;
const HALF_UP = 1;
const APART = UNIT / 10n ** 12n;
const NEAR = UNIT / 10n ** 6n;
const CLOSE_ENOUGH = UNIT / 10n ** 34n;
const LEAST_POWER = -1000n * UNIT;
const DAY = 86_400_000;

/** Returns the rate nearest to a guess at which a function of ln(1 + rate) is 0. */
function solve(rough: (place: number) => number, exact: (place: bigint) => bigint, guess: Big): Big {
  if (guess.lte(-1)) throw new Failure("NUM");
  let [low, high] = bracket(rough, fromFixed(logarithm(guess.plus(1))).toNumber());
  const isRising = rough(low) < 0 || rough(high) > 0;
  for (let count = 0; count < HALVINGS; count += 1) {
    const middle = (low + high) / 2;
    if (rough(middle) < 0 === isRising) low = middle;
    else high = middle;
  }
  const found = polished(exact, toFixed(new Big((low + high) / 2)));
  return approximation(fromFixed(exponential(found) - UNIT).round(RATE_PLACES, HALF_UP));
}

/** Returns two places between which the sign changes, as near to the start as steps that grow can tell. */
function bracket(rough: (place: number) => number, start: number): [number, number] {
  if (start < LOWEST || start > HIGHEST) throw new Failure("NUM");
  let [up, down, width] = [start, start, FIRST_STEP];
  let [upValue, downValue] = [rough(start), rough(start)];
  for (let count = 0; count < STEPS; count += 1) {
    if (up < HIGHEST) {
      const [before, valueBefore] = [up, upValue];
      up = Math.min(up + width, HIGHEST);
      upValue = rough(up);
      if (valueBefore < 0 !== upValue < 0) return [before, up];
    }
    if (down > LOWEST) {
      const [before, valueBefore] = [down, downValue];
      down = Math.max(down - width, LOWEST);
      downValue = rough(down);
      if (valueBefore < 0 !== downValue < 0) return [down, before];
    }
    width *= STEP_GROWTH;
  }
  throw new Failure("NUM");
}

/** Returns where a function is 0, by secants from a place near it. */
function polished(exact: (place: bigint) => bigint, near: bigint): bigint {
  let [last, here] = [near, near + APART];
  let [valueLast, value] = [exact(last), exact(here)];
  for (let count = 0; count < 20; count += 1) {
    if (value === 0n) return here;
    const slope = value - valueLast;
    if (slope === 0n) break;
    const following = here - (value * (here - last)) / slope;
    if (sizeOf(following - near) > NEAR) break;
    if (sizeOf(following - here) < CLOSE_ENOUGH) return following;
    [last, valueLast, here] = [here, value, following];
    value = exact(here);
  }
  throw new Failure("NUM");
}

/** Returns amounts as parts of the largest of them; only amounts of both signs can be worth nothing. */
function sharesOf(amounts: readonly Big[]): bigint[] {
  if (!amounts.some((amount) => amount.lt(0)) || !amounts.some((amount) => amount.gt(0))) throw new Failure("NUM");
  const largest = amounts.reduce((most, amount) => (amount.abs().gt(most) ? amount.abs() : most), new Big(0));
  // The powers of ten are taken away first, so that small amounts keep their digits.
  return amounts.map((amount) => over(scaled(amount, largest.e), scaled(largest, largest.e)));
}

function scaled(number: Big, exponent: number): bigint {
  const result = new Big(number);
  if (!result.eq(0)) result.e -= exponent;
  return toFixed(result);
}

function toFloat(fixed: bigint): number {
  return fromFixed(fixed).toNumber();
}

/** Returns the rate at which amounts at whole times, in order, are worth nothing; so many times are one period. */
function rateOfFlows(amounts: readonly Big[], given: readonly number[], periods: number, guess: Big): Big {
  if (amounts.length > MOST_FLOWS) throw new Failure("LIMIT");
  // An amount of 0 counts for nothing, and a value to which only far amounts add would vanish in floats.
  const flows = sharesOf(amounts).map((share, place) => ({ share, time: given[place] ?? 0 }));
  const counted = flows.filter(({ share }) => share !== 0n);
  const shares = counted.map(({ share }) => share);
  const wholeTimes = counted.map(({ time }) => time - (counted[0]?.time ?? 0));
  const end = wholeTimes.at(-1) ?? 0;
  const floats = shares.map(toFloat);
  const early = wholeTimes.map((time) => time / periods);
  const late = wholeTimes.map((time) => (end - time) / periods);
  const gaps = wholeTimes.slice(1).map((time, place) => time - (wholeTimes[place] ?? 0));

  // On either side of 0 the powers are below 1.
  const rough = (place: number): number => {
    const [when, size] = place < 0 ? [late, place] : [early, -place];
    let total = 0;
    floats.forEach((share, index) => (total += share * Math.exp(size * (when[index] ?? 0))));
    return total;
  };
  const exact = (place: bigint): bigint => {
    const base = exponential(-sizeOf(place) / BigInt(periods));
    const powers = new Map([...new Set(gaps)].map((gap) => [gap, smallPower(base, gap)]));
    const [parts, steps] = place < 0n ? [shares, gaps] : [shares.toReversed(), gaps.toReversed()];
    let total = parts[0] ?? 0n;
    steps.forEach((gap, index) => (total = times(total, powers.get(gap) ?? 0n) + (parts[index + 1] ?? 0n)));
    return total;
  };
  return solve(rough, exact, guess);
}

function internalRate(amounts: readonly Value[], guess: Big): Value {
  const flows = flowsOf([amounts]);
  return flows.length > 0 ? rateOfFlows(flows, [...flows.keys()], 1, guess) : null;
}

function internalRateByDate(amounts: readonly Value[], dates: readonly Value[], guess: Big): Value {
  for (const part of [...amounts, ...dates]) if (part instanceof ErrorValue) throw new Failure(part.code);
  if (amounts.length !== dates.length) throw new Failure("NUM");
  if (amounts.length > MOST_FLOWS) throw new Failure("LIMIT");
  const pairs = amounts.flatMap((amount, place) => {
    const day = dates[place];
    return amount instanceof Big && typeof day === "string" ? [{ amount, day: Date.parse(`${day}T00:00:00Z`) / DAY }] : [];
  });
  pairs.sort((one, other) => one.day - other.day);
  const first = pairs[0];
  if (first === undefined) return null;
  return rateOfFlows(pairs.map((pair) => pair.amount), pairs.map((pair) => pair.day - first.day), 365, guess);
}

function rate(periods: Big, paid: Big, present: Big, future: Big, kind: Big, guess: Big): Big {
  if (periods.lte(0)) throw new Failure("NUM");
  if (periods.gt(MOST_PERIODS)) throw new Failure("LIMIT");
  const [exactPaid = 0n, exactPresent = 0n, exactFuture = 0n] = sharesOf([paid, present, future]);
  const [roughPaid, roughPresent, roughFuture] = [toFloat(exactPaid), toFloat(exactPresent), toFloat(exactFuture)];
  const [count, exactCount, isEarly] = [periods.toNumber(), toFixed(periods), !kind.eq(0)];

  const rough = (place: number): number => {
    const power = Math.exp(-count * Math.abs(place));
    const annuity = place === 0 ? count : Math.abs(Math.expm1(-count * Math.abs(place)) / Math.expm1(place));
    const worth = roughPaid * (isEarly ? Math.exp(place) : 1) * annuity;
    return place < 0 ? roughPresent * power + worth + roughFuture : roughPresent + worth + roughFuture * power;
  };
  const exact = (place: bigint): bigint => {
    const exponent = -times(sizeOf(place), exactCount);
    const power = exponential(exponent < LEAST_POWER ? LEAST_POWER : exponent);
    const growth = exponential(place);
    const annuity = growth === UNIT ? exactCount : sizeOf(over(power - UNIT, growth - UNIT));
    const worth = times(exactPaid, isEarly ? times(annuity, growth) : annuity);
    return place < 0n ? times(exactPresent, power) + worth + exactFuture : exactPresent + worth + times(exactFuture, power);
  };
  return solve(rough, exact, guess);
}

export const plain = { RATE: rate, IRR: internalRate, XIRR: internalRateByDate };
