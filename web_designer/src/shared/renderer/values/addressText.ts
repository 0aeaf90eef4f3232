/** Addresses and places as one text: the parts as the server keeps them in, the text people read out. */

export type AddressParts = Partial<Record<"country" | "province" | "city" | "district" | "street" | "postcode", string>>;

/** Returns an address as one text, the largest part first. */
export function addressText(parts: AddressParts): string {
  const order = [parts.country, parts.province, parts.city === parts.province ? undefined : parts.city, parts.district, parts.street].filter((part) => part !== undefined && part !== "");
  const isChinese = order.length > 1 && order.slice(0, -1).every((part) => (part?.charCodeAt(0) ?? 0) > 0x2e80);
  return [order.join(isChinese ? "" : ", "), parts.postcode].filter(Boolean).join(" ");
}

/** Returns latitude and longitude as one text. */
export function locationText(value: { readonly latitude?: unknown; readonly longitude?: unknown }): string {
  return `${String(value.latitude)}, ${String(value.longitude)}`;
}
