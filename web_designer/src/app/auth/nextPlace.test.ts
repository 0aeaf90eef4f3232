/** Holds that signing in never leads to another site. */
import { expect, it } from "vitest";
import { nextPlace } from "./nextPlace";

it.each([
  ["/apps/a?x=1", "/apps/a?x=1"],
  [null, "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
])("%s leads to %s", (wanted, place) => {
  expect(nextPlace(wanted)).toBe(place);
});
