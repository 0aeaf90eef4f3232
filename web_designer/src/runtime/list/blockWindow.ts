/** The part of a long list that is in memory: neighbouring blocks of rows; it grows at one side and is cut at the other. */
import type { RecordJson, RecordPage } from "@/shared/api/records";

/** Rows asked for at a time, and blocks kept. */
export const BLOCK_ROWS = 100;
export const KEPT_BLOCKS = 20;

export interface BlockWindow {
  readonly blocks: readonly RecordPage[];
  /** Rows that came before the first one of the previous window (negative: rows that went); what is on screen moves by as much. */
  readonly shift: number;
}

export const EMPTY_WINDOW: BlockWindow = { blocks: [], shift: 0 };

/** Returns a window of one block: the start, the end, or a jump. */
export function startWindow(page: RecordPage): BlockWindow {
  return { blocks: [page], shift: 0 };
}

/** Returns the window with a block more at its end, cut at its start. */
export function append(window: BlockWindow, page: RecordPage, kept = KEPT_BLOCKS): BlockWindow {
  const blocks = [...window.blocks, page];
  const dropped = blocks.slice(0, Math.max(blocks.length - kept, 0));
  return { blocks: blocks.slice(dropped.length), shift: -rowCount(dropped) || 0 };
}

/** Returns the window with a block more at its start, cut at its end. */
export function prepend(window: BlockWindow, page: RecordPage, kept = KEPT_BLOCKS): BlockWindow {
  return { blocks: [page, ...window.blocks].slice(0, kept), shift: page.records.length };
}

/** Returns the rows of a window, in order. */
export function rowsOf(window: BlockWindow): readonly RecordJson[] {
  return window.blocks.flatMap((block) => block.records);
}

/** Returns the cursor behind the last row; null at the end of the list. */
export const nextOf = (window: BlockWindow): RecordPage["next"] => window.blocks.at(-1)?.next ?? null;

/** Returns the cursor before the first row; null at the start of the list. */
export const previousOf = (window: BlockWindow): RecordPage["previous"] => window.blocks[0]?.previous ?? null;

/** Returns the window with one record replaced where it stands, or taken out when `change` gives null. */
export function changeRow(window: BlockWindow, id: string, change: (row: RecordJson) => RecordJson | null): BlockWindow {
  let isFound = false;
  const blocks = window.blocks.map((block) => {
    if (!block.records.some((row) => row.id === id)) return block;
    isFound = true;
    const records = block.records.flatMap((row) => (row.id === id ? (change(row) ?? []) : row));
    return { ...block, records };
  });
  return isFound ? { blocks, shift: 0 } : window;
}

const rowCount = (blocks: readonly RecordPage[]): number => blocks.reduce((sum, block) => sum + block.records.length, 0);
