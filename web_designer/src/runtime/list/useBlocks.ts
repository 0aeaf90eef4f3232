/** Feeds the window of a list with blocks from the server, by cursors on both sides; never by a deep offset. */
import { useCallback, useEffect, useReducer, useRef } from "react";
import { useApi, useSession } from "@/shared/api/context";
import { readPage, type PageQuery, type RecordPage } from "@/shared/api/records";
import { useListMemory } from "../listMemory";
import { append, BLOCK_ROWS, EMPTY_WINDOW, nextOf, prepend, previousOf, startWindow, type BlockWindow } from "./blockWindow";

export interface Blocks {
  readonly status: "loading" | "ready" | "failed";
  readonly window: BlockWindow;
  readonly total: number | null;
  readonly isExact: boolean;
  /** Whether these only nearly have the words somebody looks for. */
  readonly isSimilar: boolean;
  readonly error: unknown;
  /** A block that is on its way, or that did not come. */
  readonly edge: "none" | "next" | "previous" | "failed";
  readonly round: number;
}

type Event =
  | { readonly kind: "start" }
  | { readonly kind: "restored"; readonly window: BlockWindow; readonly total: number | null; readonly isExact: boolean }
  | { readonly kind: "started" | "next" | "previous"; readonly page: RecordPage }
  | { readonly kind: "edge"; readonly edge: Blocks["edge"] }
  | { readonly kind: "counted"; readonly total: number | null; readonly isExact: boolean }
  | { readonly kind: "failed"; readonly error: unknown };

const INITIAL: Blocks = { status: "loading", window: EMPTY_WINDOW, total: null, isExact: false, isSimilar: false, error: null, edge: "none", round: 0 };

function reduce(state: Blocks, event: Event): Blocks {
  switch (event.kind) {
    case "start":
      return { ...INITIAL, total: state.total, isExact: state.isExact, round: state.round + 1 };
    case "restored":
      return { ...INITIAL, status: "ready", window: { ...event.window, shift: 0 }, total: event.total, isExact: event.isExact, round: state.round + 1 };
    case "started":
      return { ...state, status: "ready", window: startWindow(event.page), total: event.page.total, isExact: event.page.total_is_exact ?? false, isSimilar: event.page.similar ?? false };
    case "next":
      return { ...state, window: append(state.window, event.page), edge: "none" };
    case "previous":
      return { ...state, window: prepend(state.window, event.page), edge: "none" };
    case "edge":
      return { ...state, edge: event.edge, window: { ...state.window, shift: 0 } };
    case "counted":
      return { ...state, total: event.total, isExact: event.isExact, window: { ...state.window, shift: 0 } };
    case "failed":
      return { ...state, status: "failed", error: event.error };
  }
}

export interface BlockSource {
  readonly app: string;
  readonly entity: string;
  /** Filter, search, sort and fields; a change starts anew. */
  readonly query: PageQuery;
  readonly start: Pick<PageQuery, "at" | "from">;
  readonly memoryKey: string;
  /** Whether one comes back to the list, and so to the rows one left; whoever comes anew gets the rows as they are now. */
  readonly isReturn: boolean;
}

export interface BlockFeed {
  readonly blocks: Blocks;
  loadNext(): void;
  loadPrevious(): void;
  reload(): void;
  countExactly(): void;
}

export function useBlocks({ app, entity, query, start, memoryKey, isReturn }: BlockSource): BlockFeed {
  const api = useApi();
  const memory = useListMemory();
  const [blocks, send] = useReducer(reduce, INITIAL);
  const flight = useRef(new AbortController());
  const isBusy = useRef(false);
  const asked = JSON.stringify([app, entity, query, start]);

  const begin = useCallback(() => {
    flight.current.abort();
    flight.current = new AbortController();
    const { signal } = flight.current;
    isBusy.current = false;
    send({ kind: "start" });
    readPage(api, app, entity, { ...query, ...start, limit: BLOCK_ROWS, total: "estimate" }, signal).then(
      (page) => send({ kind: "started", page }),
      (error: unknown) => (signal.aborted ? undefined : send({ kind: "failed", error })),
    );
    // `asked` stands for query and start, which are made anew at each drawing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api, asked]);

  useEffect(() => {
    const known = isReturn ? memory.get(memoryKey) : undefined;
    if (known === undefined) begin();
    else send({ kind: "restored", window: known.window, total: known.total, isExact: known.isExact });
    return () => flight.current.abort();
  }, [begin, memory, memoryKey, isReturn]);

  const { csrf_token: session } = useSession();
  useEffect(() => {
    // Whoever has signed in again gets what was refused before.
    if (blocks.status === "failed") begin();
    // A failure by itself is for the person to try again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [session]);

  const similar = blocks.isSimilar ? ({ similar: "true" } as const) : {};
  const grow = (side: "next" | "previous"): void => {
    const cursor = side === "next" ? nextOf(blocks.window) : previousOf(blocks.window);
    if (cursor === null || isBusy.current || blocks.status !== "ready") return;
    isBusy.current = true;
    send({ kind: "edge", edge: side });
    const { signal } = flight.current;
    readPage(api, app, entity, { ...query, ...similar, ...(side === "next" ? { after: cursor } : { before: cursor }), limit: BLOCK_ROWS, total: "none" }, signal).then(
      (page) => {
        isBusy.current = false;
        send({ kind: side, page });
      },
      () => {
        if (signal.aborted) return;
        isBusy.current = false;
        send({ kind: "edge", edge: "failed" });
      },
    );
  };
  return {
    blocks,
    loadNext: () => grow("next"),
    loadPrevious: () => grow("previous"),
    reload: begin,
    countExactly: () => {
      readPage(api, app, entity, { ...query, ...similar, limit: 1, total: "exact" }, flight.current.signal).then(
        (page) => send({ kind: "counted", total: page.total, isExact: page.total_is_exact ?? true }),
        () => undefined,
      );
    },
  };
}
