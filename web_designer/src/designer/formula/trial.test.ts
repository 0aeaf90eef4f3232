/** What a formula gives, in words; and how the records it is tried on are found and named. */
import { describe, expect, it } from "vitest";
import type { ApiClient } from "@/shared/api/client";
import { NoAnswer, Problem } from "@/shared/api/problem";
import { sampleDocument } from "../core/sample";
import { answerText, type Shown } from "./answerText";
import { listedOf, readTrialRecords, reasonOf } from "./trialRecords";

const shown: Shown = { t: (key, parts) => `<${key.replace("trial.", "")}${parts ? ` ${Object.values(parts).join(" ")}` : ""}>`, language: "en", labels: "zh-CN", zone: "Asia/Shanghai", titles: { "018f-1": "Acme" } };
const field = { key: "x", kind: "money", name: {} } as const;

describe("answerText", () => {
  it("writes each type as people read it", () => {
    expect(answerText("1234.5", "number", null, shown)).toBe("1,234.5");
    expect(answerText("0.33333333333333333333", "number", null, { ...shown, field })).toBe("0.33");
    expect(answerText("2026-01-31", "date", null, shown)).toBe("Jan 31, 2026");
    expect(answerText("2026-01-31", "date", null, { ...shown, language: "zh-CN" })).toBe("2026-01-31");
    expect(answerText("2026-01-31T16:30:00Z", "datetime", null, { ...shown, language: "zh-CN" })).toBe("2026-02-01 00:30");
    expect(answerText(false, "bool", null, shown)).toBe("<no>");
    expect(answerText("018f-1", "record:partner", null, shown)).toBe("Acme");
    expect(answerText("018f-2-unknown", "record:partner", null, shown)).toBe("018f-2-u");
    expect(answerText("vip", "text", 3, { ...shown, field: { ...field, kind: "choice", options: [{ key: "vip", name: { "zh-CN": "重点" } }] } })).toBe("重点");
  });

  it("says how much there is of what is shortened, and tells a blank from an empty list", () => {
    expect(answerText(null, "number", null, shown)).toBeNull();
    expect(answerText("ab😀", "text", 3, shown)).toBe("ab😀");
    expect(answerText("ab😀", "text", 900, shown)).toBe("ab😀<long 900>");
    expect(answerText([], "list<number>", 0, shown)).toBe("<empty>");
    expect(answerText(["1000", null], "list<number>", 2, shown)).toBe("1,000<comma><blank>");
    expect(answerText(["1", "2", "3", "4", "5", "6", "7", "8", "9"], "list<number>", 30, shown)).toBe(`${["1", "2", "3", "4", "5", "6", "7", "8"].join("<comma>")}<more 30>`);
  });
});

describe("records to try on", () => {
  const asked: string[] = [];
  const api = {
    json: (path: string, { query }: { query: URLSearchParams }) => {
      asked.push(`${path}?${decodeURIComponent(query.toString())}`);
      return Promise.resolve({ records: [{ id: "0190-aaaa", parent__title: "SO-1", number: "SO-1", item: "Bolt" }, { id: "0190-bbbb-cccc" }] });
    },
  } as unknown as ApiClient;
  const { signal } = new AbortController();

  it("are called by their title, rows by the record around them and their first text", async () => {
    const document = sampleDocument();
    expect(await readTrialRecords(api, "shop", "order", listedOf(document, "order"), "SO", signal)).toEqual([
      { id: "0190-aaaa", title: "SO-1" },
      { id: "0190-bbbb-cccc", title: "0190-bbb" },
    ]);
    const [row] = await readTrialRecords(api, "shop", "order.lines", listedOf(document, "order.lines"), 'a"b', signal);
    expect(row?.title).toBe("SO-1 · Bolt");
    await readTrialRecords(api, "shop", "organization.user", listedOf(document, "organization.user"), "", signal);
    expect(asked).toEqual([
      "/api/apps/shop/records/order?search=SO&fields=number&limit=20",
      '/api/apps/shop/records/order.lines?filter=CONTAINS(LOWER(parent.number),+LOWER("a""b"))&fields=item&limit=20',
      "/api/apps/organization/records/user?fields=name&limit=20",
    ]);
  });

  it("are missed for a reason", () => {
    const document = sampleDocument();
    const problem = (status: number, code: string): Problem => new Problem(status, code, "", "", [], null);
    const reason = (error: unknown, entity: string): string => reasonOf(error, document, entity).replace("trial.", "");
    expect(reason(problem(404, "record-entity-not-found"), "order.lines")).toBe("denied");
    expect(reason(problem(404, "app-not-found"), "organization.user")).toBe("denied");
    expect(reason(problem(404, "record-entity-not-found"), "x_depot")).toBe("unpublished-entity");
    expect(reason(problem(404, "record-not-found"), "order")).toBe("gone");
    expect(reason(problem(500, "internal"), "order")).toBe("failed");
    expect(reason(new NoAnswer(), "order")).toBe("failed");
  });
});
