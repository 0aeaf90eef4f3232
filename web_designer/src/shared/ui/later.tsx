/** Takes what loads a component, gives the component: drawn at once when it has been loaded, else with something in its place until it is. */
import { createElement, Suspense, useEffect, useState, type ComponentType, type JSX } from "react";

/** A component that is loaded when it is wanted, or when the page has nothing else to do. */
export interface Part<P> {
  /** What has been loaded, if it has. */
  readonly now: () => ComponentType<P> | undefined;
  /** Loads it; what could not be loaded is asked for anew the next time. */
  readonly load: () => Promise<ComponentType<P>>;
}

const waiting: (() => Promise<unknown>)[] = [];
let isAtEase = false;

/** Returns a part; a page at ease loads it by itself. */
export function makePart<P extends object>(load: () => Promise<ComponentType<P>>): Part<P> {
  const part = partOf(load);
  waiting.push(part.load);
  if (isAtEase) whenIdle();
  return part;
}

/** Returns what loads work that is wanted later; a page at ease loads it by itself. */
export function onceLoaded<T>(load: () => Promise<T>): () => Promise<T> {
  waiting.push(load);
  if (isAtEase) whenIdle();
  return load;
}

function partOf<P extends object>(load: () => Promise<ComponentType<P>>): Part<P> {
  let found: ComponentType<P> | undefined;
  let flight: Promise<ComponentType<P>> | undefined;
  const get = async (): Promise<ComponentType<P>> => {
    flight ??= load();
    try {
      found = await flight;
      return found;
    } finally {
      flight = undefined;
    }
  };
  return { now: () => found, load: get };
}

/** Returns a part once it is wanted and there, and what went wrong when it could not be loaded. */
export function usePart<P extends object>(part: Part<P>, isWanted: boolean): { readonly Found: ComponentType<P> | undefined; readonly error: unknown } {
  // Once drawn it stays: to change back would make a new input and lose the focus and what is being typed.
  const [Found, setFound] = useState(() => (isWanted ? part.now() : undefined));
  const [error, setError] = useState<unknown>(undefined);
  const Ready = Found ?? (isWanted ? part.now() : undefined);
  if (Ready !== Found) setFound(() => Ready);
  const isMissing = isWanted && Ready === undefined;
  useEffect(() => {
    if (!isMissing) return undefined;
    let isHere = true;
    part.load().then(
      (loaded) => (isHere ? setFound(() => loaded) : undefined),
      (reason: unknown) => (isHere ? setError(reason) : undefined),
    );
    return () => {
      isHere = false;
    };
  }, [part, isMissing]);
  return { Found: Ready, error };
}

/** Returns a component that loads itself when it is first drawn; without it the page could not go on, so a failure is the page's. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, Waiting: ComponentType<P>): ComponentType<P> {
  return drawn(makePart(load), Waiting);
}

/** Returns the same of what is too heavy to be loaded by pages that do not draw it. */
export function whenDrawn<P extends object>(load: () => Promise<ComponentType<P>>, Waiting: ComponentType<P>): ComponentType<P> {
  return drawn(partOf(load), Waiting);
}

function drawn<P extends object>(part: Part<P>, Waiting: ComponentType<P>): ComponentType<P> {
  return function Later(props: P): JSX.Element {
    const { Found, error } = usePart(part, true);
    if (Found === undefined && error !== undefined) throw error;
    // What it needs beside itself, as its texts, comes later still: until then it is waited for here, and the page around it stays.
    return <Suspense fallback={<Waiting {...props} />}>{createElement(Found ?? Waiting, props)}</Suspense>;
  };
}

/** Loads what is loaded later as soon as the page has nothing else to do, so that it is there when it is wanted, without a network too. */
export function whenIdle(): void {
  isAtEase = true;
  const loadAll = (): void => {
    for (const get of waiting.splice(0)) void get().catch(() => undefined);
  };
  if ("requestIdleCallback" in window) window.requestIdleCallback(loadAll, { timeout: 5000 });
  else setTimeout(loadAll, 200);
}
