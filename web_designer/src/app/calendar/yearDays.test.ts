/** The months of a year and what a click makes of a day. */
import { describe, expect, it } from "vitest";
import { areSame, inOrder, isWeekend, listed, turned, weeksOf } from "./yearDays";

describe("the weeks of a month", () => {
  it("begin on Monday and hold every day once", () => {
    const weeks = weeksOf(2024, 2);
    expect(weeks[0]).toEqual([null, null, null, "2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04"]);
    expect(weeks.at(-1)).toEqual(["2024-02-26", "2024-02-27", "2024-02-28", "2024-02-29", null, null, null]);
    expect(weeks.flat().filter((day) => day !== null)).toHaveLength(29);
  });

  it("are four where a month fills them", () => {
    expect(weeksOf(2021, 2)).toHaveLength(4);
  });
});

describe("a click on a day", () => {
  it("makes it a holiday, then a working day, then what its weekday says", () => {
    const none = listed([]);
    const once = turned(none, "2027-10-01");
    expect(once.get("2027-10-01")?.kind).toBe("holiday");
    const twice = turned(once, "2027-10-01");
    expect(twice.get("2027-10-01")?.kind).toBe("workday");
    expect(areSame(turned(twice, "2027-10-01"), none)).toBe(true);
  });

  it("keeps what the day is for", () => {
    const days = listed([{ day: "2027-10-01", kind: "holiday", name: "国庆节" }]);
    expect(turned(days, "2027-10-01").get("2027-10-01")).toEqual({ day: "2027-10-01", kind: "workday", name: "国庆节" });
  });
});

it("days are sent in their order", () => {
  const days = turned(turned(listed([]), "2027-05-01"), "2027-01-01");
  expect(inOrder(days).map((day) => day.day)).toEqual(["2027-01-01", "2027-05-01"]);
});

it("weekends are Saturdays and Sundays", () => {
  expect(["2024-05-17", "2024-05-18", "2024-05-19", "2024-05-20"].map(isWeekend)).toEqual([false, true, true, false]);
});
