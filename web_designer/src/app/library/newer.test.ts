/** Versions are compared number by number. */
import { expect, test } from "vitest";
import { isNewer } from "./newer";

test.each([
  ["1.10.0", "1.9.9", true],
  ["2.0.0", "1.99.99", true],
  ["1.0.0", "1.0.0", false],
  ["1.0.0", "1.0.1", false],
  ["1.1", "1.0.9", true],
])("%s after %s: %s", (version, than, newer) => {
  expect(isNewer(version, than)).toBe(newer);
});
