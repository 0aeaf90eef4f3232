/** What the browser asks for by itself goes out as whom this window looks as. */
import { afterEach, expect, test } from "vitest";
import { fileAddress } from "../renderer/pointing";
import { exportAddress, templateAddress } from "./imports";

const file = { id: "f1", name: "a b.png" };

afterEach(() => window.sessionStorage.clear());

test("addresses of pictures and downloads name whom one looks as", () => {
  window.sessionStorage.setItem("dougong.view-as", "u1");
  expect(fileAddress(file)).toBe("/api/files/f1/a%20b.png?view_as=u1");
  expect(fileAddress(file, "small")).toBe("/api/files/f1/a%20b.png?small=true&view_as=u1");
  expect(exportAddress("crm", "deal", "csv", new URLSearchParams(), "en")).toBe("/api/apps/crm/records/deal/export?format=csv&language=en&view_as=u1");
  expect(templateAddress("crm", "deal", "en")).toMatch(/&view_as=u1$/);
});

test("they name nobody otherwise", () => {
  expect(fileAddress(file, "save")).toBe("/api/files/f1/a%20b.png?save=true");
});
