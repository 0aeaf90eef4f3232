/** Gives what renames an element that is not published: by hand, and as its text is typed until somebody has done so by hand. */
import { useRef } from "react";
import { flushSync } from "react-dom";
import { useApi } from "@/shared/api/context";
import type { Command } from "../../core/commands";
import { useDesign } from "../../core/DesignContext";
import { type AppDocument, type Labels, type Pointer, find, split, under } from "../../core/doc";
import { proposeKey } from "../../core/draftApi";
import { useTexts } from "../../core/useTexts";
import { labelMergeKey } from "../gestures";

/** How long typing a text rests before the key follows. */
const PAUSE_MS = 400;

export type KeyBearer = {
  readonly pointer: Pointer;
  /** The text the key is proposed from. */
  readonly property: "name" | "message";
  /** It has the key it was added with. */
  readonly hasFirstKey: boolean;
  readonly isFixed: (published: AppDocument | null) => boolean;
  readonly taken: (document: AppDocument, published: AppDocument | null) => readonly string[];
  readonly rename: (document: AppDocument, key: string) => readonly Command[];
  /** What is selected while its panel is shown, and what is selected in place of that under another key. */
  readonly shown: Pointer | undefined;
  readonly shownAs: (document: AppDocument, key: string) => Pointer | undefined;
  readonly onRenamed?: ((key: string) => void) | undefined;
};

export type Renaming = {
  readonly to: (key: string) => void;
  readonly propose: () => Promise<void>;
  /** The text is being typed: the key follows in a pause. */
  readonly typed: (language: string) => void;
  /** The text was left: the key follows at once, and the entry is done. */
  readonly left: (language: string) => void;
};

export function useKey({ pointer, property, hasFirstKey, isFixed, taken, rename, shown, shownAs, onRenamed }: KeyBearer): Renaming {
  const api = useApi();
  const { store, proposed, announce } = useDesign();
  const { t } = useTexts("designer.form");
  const pause = useRef<number>(undefined);
  /** The language that has been typed in since the key last followed. */
  const waiting = useRef<string>(undefined);
  const { parent, last } = split(pointer);
  const textsNow = (): Labels | undefined => find(store.getState().history.document, under(pointer, property)) as Labels | undefined;

  const to = (key: string, mergeKey?: string): void => {
    const { history, selection, detail } = store.getState();
    if (key === last || find(history.document, pointer) === undefined) return;
    const merging = mergeKey === undefined ? {} : { mergeKey, nextMergeKey: mergeKey.replace(pointer, under(parent, key)) };
    const gesture = { label: { message: "entry.rename", parts: { zh: key, en: key } }, commands: rename(history.document, key), ...merging };
    const next = (selection ?? detail) === shown ? shownAs(history.document, key) : undefined;
    // In one drawing: the panel stays the same panel, and the text box in it keeps the focus.
    const refused = flushSync(() => {
      const reason = store.getState().execute(gesture, next);
      if (reason === null) onRenamed?.(key);
      return reason;
    });
    if (refused === null) announce(t("key.set", { key }));
  };
  const propose = async (mergeKey?: string): Promise<void> => {
    const texts = textsNow();
    const text = texts?.["zh-CN"] || texts?.en || "";
    const { history, published } = store.getState();
    const others = taken(history.document, published).filter((key) => key !== last);
    const key = text === "" ? null : await proposeKey(api, text, others).catch(() => null);
    // Somebody may have published it meanwhile: a key that only follows the text does not try.
    if (key === null || (mergeKey !== undefined && isFixed(store.getState().published))) return;
    proposed.add(under(parent, key));
    const isStillTyped = store.getState().history.past.at(-1)?.mergeKey === mergeKey;
    to(key, isStillTyped ? mergeKey : undefined);
  };
  /** An unpublished key that nobody chose follows the text, in the same entry. */
  const follow = async (language: string): Promise<void> => {
    clearTimeout(pause.current);
    const isTyped = waiting.current === language;
    waiting.current = undefined;
    const isLeading = language === (textsNow()?.["zh-CN"] ? "zh-CN" : "en");
    const isFree = !isFixed(store.getState().published) && (hasFirstKey || proposed.has(pointer));
    if (isTyped && isLeading && isFree) await propose(labelMergeKey(pointer, property, language));
  };
  return {
    to: (key: string) => to(key),
    propose: () => propose(),
    typed: (language: string) => {
      clearTimeout(pause.current);
      waiting.current = language;
      pause.current = window.setTimeout(() => void follow(language), PAUSE_MS);
    },
    left: (language: string) => {
      void follow(language).then(() => store.getState().seal());
    },
  };
}
