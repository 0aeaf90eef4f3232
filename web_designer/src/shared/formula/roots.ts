/** Roots and whole powers, and how what is not exact is rounded. */
import Big, { type BigConstructor } from "big.js";
import { isWhole, limited, ONE, ZERO } from "./numbers";
import { Failure } from "./values";

const Wide: BigConstructor = Big();
Wide.DP = 140;
Wide.RM = 1;
const HALF_UP = 1;

/**
 * Returns a root, a logarithm and the like as the server rounds them: at 20 significant digits and at 100 decimals.
 */
export function approximation(number: Big): Big {
  return limited(number.round(Math.min(100, 19 - number.e), HALF_UP));
}

/** Returns a power that has at most 1,000 digits, rounded where it is the inverse of one; undefined for any other. */
export function exactPower(base: Big, exponent: Big): Big | undefined {
  if (exponent.eq(0)) return ONE;
  if (base.eq(0)) return exponent.lt(0) ? fail("DIV0") : ZERO;
  const [size, digits] = [exponent.abs(), Math.max(base.c.length, base.c.length - 1 - base.e)];
  if (!isWhole(exponent) || size.times(digits).gt(1000)) return undefined;
  const turns = size.toNumber();
  if (exponent.lt(0)) return approximation(new Wide(1).div(new Big(base).pow(turns)));
  if (turns * base.e > 38) fail("LIMIT");
  return limited(new Big(base).pow(turns));
}

function fail(code: string): never {
  throw new Failure(code);
}

export function squareRoot(number: Big): Big {
  if (number.lt(0)) throw new Failure("NUM");
  return approximation(new Wide(number).sqrt());
}
