/** What takes elements out of lists: one of them, some of them, each once, all in another order. */
import Big from "big.js";
import { compare, same, type Make } from "./choices";
import { asMakes, cutPlace, elements, identity } from "./listMakes";
import { argument, frameOf } from "./lists";
import { Failure, isBlank, MAX_LIST, type Run, type Value, within } from "./values";

function nth(given: Value, which: Value): Value {
  const [found, place] = [elements(given), cutPlace(which)];
  return (place > 0 ? found[place - 1] : found[found.length + place]) ?? null;
}

function lookedUp(given: Value, mode: Value): Value {
  const found = elements(given);
  if (mode === "only" && found.length > 1) throw new Failure("MULTI");
  return found.at(mode === "last" ? -1 : 0) ?? null;
}

function part(given: Value, start: Value, count?: Value): Value {
  const [found, place] = [elements(given), cutPlace(start)];
  const most = count === undefined ? found.length : cutPlace(count);
  if (place === 0 || most < 0) throw new Failure("VALUE");
  const begin = place > 0 ? place - 1 : Math.max(found.length + place, 0);
  return found.slice(begin, begin + most);
}

function indexOf(given: Value, value: Value): Value {
  const place = elements(given).findIndex((other) => same(other, value));
  return place < 0 ? null : new Big(place + 1);
}

function union(...given: Value[]): readonly Value[] {
  const known = new Map<unknown, Value>();
  for (const values of given) {
    for (const value of elements(values)) {
      const key = identity(value);
      if (!known.has(key)) known.set(key, value === "" ? null : value);
    }
  }
  if (known.size > MAX_LIST) throw new Failure("LIMIT");
  return [...known.values()];
}

function compared(isIn: boolean): (one: Value, other: Value) => Value {
  return (one, other) => {
    const known = new Set(elements(other).map(identity));
    return union(one).filter((value) => known.has(identity(value)) === isIn);
  };
}

const makeSort: Make = (node, compileNode) => {
  const [values, key, order] = [0, 1, 2].map((place) => compileNode(argument(node, place))) as [Run, Run, Run];
  const isOfRows = argument(node, 0).type.startsWith("list<record");
  return (frames, context) => {
    const found = elements(values(frames, context));
    const keyed = found.map((value): [Value, Value] => [isOfRows ? key(within(frames, frameOf(value)), context) : value, value]);
    const direction = order(frames, context);
    const sign = direction instanceof Big && direction.lt(0) ? -1 : 1;
    const filled = keyed.filter(([one]) => !isBlank(one)).sort(([one], [other]) => sign * compare(one, other));
    return [...filled, ...keyed.filter(([one]) => isBlank(one))].map(([, value]) => value);
  };
};

export const makes: Readonly<Record<string, Make>> = {
  ...asMakes({
    FIRST: (given) => elements(given as Value)[0] ?? null,
    LAST: (given) => elements(given as Value).at(-1) ?? null,
    NTH: nth as (...values: Value[]) => Value,
    LOOKUP: lookedUp as (...values: Value[]) => Value,
    SLICE: part as (...values: Value[]) => Value,
    REVERSE: (given) => [...elements(given as Value)].reverse(),
    UNIQUE: union,
    UNION: union,
    INTERSECT: compared(true) as (...values: Value[]) => Value,
    EXCEPT: compared(false) as (...values: Value[]) => Value,
    INDEXOF: indexOf as (...values: Value[]) => Value,
  }),
  SORT: makeSort,
};
