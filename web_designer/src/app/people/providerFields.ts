/** What is asked for of each kind of provider, in its order; and how lists are written in a line of text. */
import type { ProviderKind } from "./peopleApi";

export interface ProviderField {
  readonly name: string;
  readonly shape: "text" | "number" | "words" | "groups" | "long" | "flag" | "choice";
  readonly begins: unknown;
  readonly choices?: readonly string[];
  readonly isNeeded?: boolean;
  readonly hasHelp?: boolean;
}

const VOUCHING: readonly ProviderField[] = [
  { name: "links", shape: "choice", begins: "none", choices: ["none", "verified", "all"], hasHelp: true },
  { name: "creates", shape: "flag", begins: false },
  { name: "domains", shape: "words", begins: [], hasHelp: true },
  { name: "roles", shape: "words", begins: ["organization.member"], hasHelp: true },
];

export const FIELDS: Readonly<Record<ProviderKind, readonly ProviderField[]>> = {
  oidc: [
    { name: "issuer", shape: "text", begins: "", isNeeded: true, hasHelp: true },
    { name: "client_id", shape: "text", begins: "", isNeeded: true },
    { name: "client_auth", shape: "choice", begins: "basic", choices: ["basic", "post", "none"] },
    { name: "scopes", shape: "text", begins: "openid email profile", isNeeded: true },
    { name: "second_factor", shape: "choice", begins: "never", choices: ["never", "amr", "always"], hasHelp: true },
    { name: "signs_out", shape: "flag", begins: false },
    ...VOUCHING,
  ],
  ldap: [
    { name: "host", shape: "text", begins: "", isNeeded: true, hasHelp: true },
    { name: "security", shape: "choice", begins: "ldaps", choices: ["ldaps", "starttls", "none"] },
    { name: "port", shape: "number", begins: 636, isNeeded: true, hasHelp: true },
    { name: "ca", shape: "long", begins: "", hasHelp: true },
    { name: "bind_dn", shape: "text", begins: "", hasHelp: true },
    { name: "base", shape: "text", begins: "", isNeeded: true },
    { name: "filter", shape: "text", begins: "(mail={login})", isNeeded: true, hasHelp: true },
    { name: "id_attribute", shape: "text", begins: "entryUUID", isNeeded: true, hasHelp: true },
    { name: "email_attribute", shape: "text", begins: "mail", isNeeded: true },
    { name: "name_attribute", shape: "text", begins: "cn", isNeeded: true },
    { name: "group_attribute", shape: "text", begins: "memberOf", isNeeded: true },
    { name: "group_roles", shape: "groups", begins: [], hasHelp: true },
    ...VOUCHING,
  ],
};

/** Returns the words of a text, separated by blanks, commas or lines. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s,;，；]+/).filter((word) => word !== "");
}

export interface GroupRoles {
  readonly group: string;
  readonly roles: readonly string[];
}

/** Returns groups with their roles from lines such as `cn=Sales,dc=corp: crm.sales crm.reader`; the last colon counts. */
export function groupRolesIn(text: string): GroupRoles[] {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.map((line) => {
    const colon = line.lastIndexOf(":");
    return colon < 0 ? { group: line, roles: [] } : { group: line.slice(0, colon).trim(), roles: wordsIn(line.slice(colon + 1)) };
  });
}

/** Returns the lines that stand for groups with their roles. */
export function groupRolesText(groups: unknown): string {
  return (groups as readonly GroupRoles[]).map((one) => `${one.group}: ${one.roles.join(" ")}`).join("\n");
}
