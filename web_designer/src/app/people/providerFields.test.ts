/** How lists are written in a line of text, and read back. */
import { describe, expect, it } from "vitest";
import { groupRolesIn, groupRolesText, wordsIn } from "./providerFields";

describe("wordsIn", () => {
  it("takes blanks, commas of both languages and lines", () => {
    expect(wordsIn(" a.b, c.d，e.f\n\ng.h ")).toEqual(["a.b", "c.d", "e.f", "g.h"]);
    expect(wordsIn("  ")).toEqual([]);
  });
});

describe("groupRolesIn", () => {
  const groups = [
    { group: "cn=Sales: north,ou=Groups,dc=corp", roles: ["crm.sales", "crm.reader"] },
    { group: "cn=Nobody,dc=corp", roles: [] },
  ];
  it("reads what it writes, by the last colon of a line", () => {
    expect(groupRolesIn(groupRolesText(groups))).toEqual(groups);
  });
  it("takes a line without roles", () => {
    expect(groupRolesIn("cn=x\n\n")).toEqual([{ group: "cn=x", roles: [] }]);
  });
});
