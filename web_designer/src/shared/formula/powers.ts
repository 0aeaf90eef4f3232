/** Powers of every kind, logarithms and the number pi: right to 20 digits, as the server rounds them. */
import Big from "big.js";
import { fromFixed, logarithm, over, roundedExponential } from "./fixed";
import { isWhole } from "./numbers";
import { approximation, exactPower, squareRoot } from "./roots";
import { Failure } from "./values";

const PI = new Big("3.1415926535897932385");

function power(base: Big, exponent: Big): Big {
  const exact = exactPower(base, exponent);
  if (exact !== undefined) return exact;
  const isTurned = base.lt(0) && !exponent.mod(2).eq(0);
  if (base.lt(0) && !isWhole(exponent)) throw new Failure("NUM");
  const size = base.abs();
  const result = roundedExponential(exponent.times(fromFixed(logarithm(size))));
  return isTurned ? result.neg() : result;
}

function positive(number: Big): Big {
  if (number.lte(0)) throw new Failure("NUM");
  return number;
}

function logarithmTo(number: Big, base: Big): Big {
  positive(number);
  if (positive(base).eq(1)) throw new Failure("DIV0");
  const divisor = logarithm(base);
  // A base of which the first 140 decimals do not tell that it is not 1.
  if (divisor === 0n || divisor === -1n) throw new Failure("LIMIT");
  return approximation(fromFixed(over(logarithm(number), divisor)));
}

const TEN = new Big(10);

export const plain = {
  pow: power,
  SQRT: squareRoot,
  EXP: roundedExponential,
  LN: (number: Big) => approximation(fromFixed(logarithm(positive(number)))),
  LOG: logarithmTo,
  LOG10: (number: Big) => logarithmTo(number, TEN),
  PI: () => PI,
};
