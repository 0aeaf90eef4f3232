/** Gives a small app document and random commands on it, for the tests of the designer only. */
import { type Command, insertAt, moveTo, removeAt, setAt } from "./commands";
import { type AppDocument, type FormNode, type Keyed, type Pointer, under, walkNodes } from "./doc";

/** Return an order app: an entity with lines, one form, two views. */
export function sampleDocument(): AppDocument {
  return {
    format: "dougong.app/1",
    key: "shop",
    version: "1.0.0",
    name: { "zh-CN": "小店", en: "Shop" },
    languages: ["zh-CN", "en"],
    entities: [
      { key: "partner", name: { "zh-CN": "往来单位", en: "Partner" }, title: "name", fields: [{ key: "name", kind: "text", name: { "zh-CN": "名称", en: "Name" } }] },
      {
        key: "order",
        name: { "zh-CN": "订单", en: "Order" },
        title: "number",
        fields: [
          { key: "number", kind: "sequence", name: { "zh-CN": "单号", en: "Number" }, pattern: "SO-{0000}" },
          { key: "customer", kind: "reference", name: { "zh-CN": "客户", en: "Customer" }, to: "partner", required: true },
          { key: "remark", kind: "long_text", name: { "zh-CN": "备注", en: "Remark" } },
          {
            key: "lines",
            kind: "lines",
            name: { "zh-CN": "明细", en: "Lines" },
            fields: [
              { key: "item", kind: "text", name: { "zh-CN": "物料", en: "Item" } },
              { key: "quantity", kind: "number", name: { "zh-CN": "数量", en: "Quantity" }, scale: 2 },
              { key: "amount", kind: "money", name: { "zh-CN": "金额", en: "Amount" }, formula: "quantity * 2" },
            ],
          },
          { key: "total", kind: "money", name: { "zh-CN": "合计", en: "Total" }, formula: "SUM(lines.amount)" },
        ],
        rules: [{ key: "some_lines", check: "COUNT(lines) > 0", at: "lines", message: { "zh-CN": "至少一行", en: "At least one line" } }],
      },
    ],
    forms: [
      {
        key: "order",
        entity: "order",
        name: { "zh-CN": "订单", en: "Order" },
        nodes: [
          {
            key: "basic",
            kind: "section",
            name: { "zh-CN": "基本", en: "Basics" },
            columns: 2,
            nodes: [
              { key: "customer", kind: "input", field: "customer", span: 1 },
              { key: "number", kind: "input", field: "number", span: 1 },
              { key: "lines", kind: "input", field: "lines", span: 2, columns: [{ key: "item" }, { key: "quantity" }, { key: "amount" }] },
            ],
          },
          { key: "more", kind: "section", name: { "zh-CN": "其他", en: "More" }, nodes: [{ key: "remark", kind: "input", field: "remark" }] },
        ],
      },
    ],
    views: [
      {
        key: "orders",
        kind: "list",
        entity: "order",
        name: { "zh-CN": "订单", en: "Orders" },
        form: "order",
        filter: "total > 0",
        columns: [{ key: "number" }, { key: "customer" }, { key: "total" }],
        sort: [{ key: "number", order: "descending" }],
      },
    ],
  };
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Return some command on the form of the sample; it may be one that is refused or changes nothing. */
export function randomCommand(document: AppDocument, random: () => number, step: number): Command {
  const form = document.forms[0];
  if (!form) throw new Error("the sample has a form");
  const root = `/forms/${form.key}/nodes`;
  const all = walkNodes(form);
  const lists: readonly Pointer[] = [root, ...all.filter(({ node }) => node.nodes).map(({ pointer }) => under(pointer, "nodes"))];
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const list = pick(lists);
  const before = random() < 0.3 ? null : (pick([...all, { node: { key: "nobody" } }]).node.key);
  const chance = random();
  const target = all.length > 0 ? pick(all).pointer : root;
  if (chance < 0.3 || all.length === 0) {
    const element: FormNode = random() < 0.3 ? { key: `s${step}`, kind: "section", nodes: [] } : { key: `n${step}`, kind: "input", field: "remark" };
    return insertAt(document, { list, before }, element as Keyed) as Command;
  }
  if (chance < 0.45) return removeAt(document, target) as Command;
  if (chance < 0.75) return moveTo(document, target, { list, before }) as Command;
  const property = pick(["hidden", "span", "name", "field"]);
  const value = pick([undefined, true, 2, { "zh-CN": `名${step}` }, null]);
  return setAt(document, under(target, property), value);
}
