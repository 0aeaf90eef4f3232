/** How strong passwords are said to be. */
import { expect, test } from "vitest";
import { strengthOf } from "./passwordStrength";

const own = ["Wang Xiaoming", "xiaoming.wang@example.com"];

test.each([
  ["short", "short"],
  ["abcabcabcabc", "repeated"],
  ["abcdefghijklmn", "repeated"],
  ["Xiaoming-Wang-1", "own"],
  ["aaaaaaaaaaaab", "weak"],
  ["password1234", "weak"],
  ["mountainriver", "fair"],
  ["correct horse battery", "good"],
  ["correct horse battery staple 7", "strong"],
  ["春江潮水连海平海上明月共潮生", "strong"],
])("%s is %s", (password, says) => {
  expect(strengthOf(password, own).says).toBe(says);
});

test("what the server refuses has no strength", () => {
  expect(strengthOf("12345678901", own).level).toBe(0);
  expect(strengthOf("correct horse battery", own).level).toBeGreaterThan(0);
});
