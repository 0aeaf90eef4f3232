/** Holds numbers and times as texts: exact, grouped, in the site's zone. */
import { describe, expect, it } from "vitest";
import { newId } from "./ids";
import { checkNumber, parseNumber, showNumber } from "./numbers";
import { instantToLocal, localToInstant, parseDate, parseLocal, showDate, showInstant } from "./times";

describe("numbers", () => {
  it.each([
    ["1,234.50", "1234.5"],
    ["-0", "0"],
    [".5", "0.5"],
    ["007.10", "7.1"],
    ["12345678901234567890.123456789", "12345678901234567890.123456789"],
    ["－１２", "-12"],
    ["￥1 000", "1000"],
    ["3。5", "3.5"],
    ["\u2212。5", "-0.5"],
    ["", null],
    ["1.2.3", null],
    ["1e3", null],
  ])("reads %s as %s", (typed, text) => {
    expect(parseNumber(typed)).toBe(text);
  });

  it("shows every digit, grouped", () => {
    expect(showNumber("12345678901234567890.125", "en", 3)).toBe("12,345,678,901,234,567,890.125");
    expect(showNumber("3.6", "zh-CN", 2)).toBe("3.60");
    expect(showNumber("1234.5", "en")).toBe("1,234.5");
  });

  it("compares with limits as decimals", () => {
    expect(checkNumber("0.30000000000000001", { max: "0.3" })).toEqual({ code: "max", limit: "0.3" });
    expect(checkNumber("1.234", { scale: 2 })).toEqual({ code: "scale", limit: 2 });
    expect(checkNumber("9", { min: "10" })).toEqual({ code: "min", limit: "10" });
    expect(checkNumber("10", { min: "10", max: "10", scale: 0 })).toBeNull();
  });
});

describe("times", () => {
  it("reads dates as people type them", () => {
    expect(parseDate("2026/1/5")).toBe("2026-01-05");
    expect(parseDate("20260105")).toBe("2026-01-05");
    expect(parseDate("1-5", 2026)).toBe("2026-01-05");
    expect(parseDate("1-5")).toBeNull();
    expect(parseDate("2026-02-29")).toBeNull();
    expect(parseDate("Nov 17, 2026")).toBe("2026-11-17");
    expect(parseDate("17 november 2026")).toBe("2026-11-17");
    expect(parseDate("Nov 31, 2026")).toBeNull();
    expect(parseDate("Nox 17, 2026")).toBeNull();
  });

  it("keeps instants on the site's clock", () => {
    expect(instantToLocal("2026-01-01T16:00:00Z", "Asia/Shanghai")).toBe("2026-01-02T00:00");
    expect(localToInstant("2026-01-02T00:00", "Asia/Shanghai")).toBe("2026-01-01T16:00:00.000Z");
    expect(localToInstant("2026-07-01T12:00", "Europe/Berlin")).toBe("2026-07-01T10:00:00.000Z");
    expect(localToInstant("", "Asia/Shanghai")).toBeNull();
    expect(instantToLocal("2026-01-02 tomorrow", "Asia/Shanghai")).toBeNull();
  });

  it("reads a typed date and time", () => {
    expect(parseLocal("2026-1-5 8:30")).toBe("2026-01-05T08:30");
    expect(parseLocal("2026年1月5日 18:05")).toBe("2026-01-05T18:05");
    expect(parseLocal("1-5 9:00", 2026)).toBe("2026-01-05T09:00");
    expect(parseLocal("Jan 5, 2026 9:00")).toBe("2026-01-05T09:00");
    expect(parseLocal("2026-01-05 13:00 PM")).toBeNull();
    for (const instant of ["2026-01-05T00:30:00Z", "2026-01-05T12:05:00Z", "2026-01-05T23:59:00Z"]) {
      expect(parseLocal(showInstant(instant, "en", "UTC"))).toBe(instant.slice(0, 16));
    }
    expect(parseLocal("2026-01-05")).toBe("2026-01-05T00:00");
    expect(parseLocal("2026-01-05 24:00")).toBeNull();
    expect(parseLocal("2026-01")).toBeNull();
  });

  it("shows them by language", () => {
    expect(showDate("2026-01-05", "zh-CN")).toBe("2026-01-05");
    expect(showDate("2026-01-05", "en")).toBe("Jan 5, 2026");
    expect(showInstant("2026-01-01T16:00:00Z", "zh-CN", "Asia/Shanghai")).toBe("2026-01-02 00:00");
  });
});

describe("ids", () => {
  it("are UUIDv7 and sort by time", () => {
    const [early, late] = [newId(1_700_000_000_000), newId(1_700_000_000_001)];
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
    expect(early.slice(0, 13)).toBe("018bcfe5-6800");
  });
});
