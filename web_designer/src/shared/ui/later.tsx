/** Takes what loads a component, gives the component: drawn at once when it has been loaded, else with something in its place until it is. */
import { createElement, lazy, Suspense, useState, type ComponentType, type JSX } from "react";

const waiting: (() => Promise<unknown>)[] = [];
let isAtEase = false;

/** A component that can be loaded before it is drawn. */
export type Later<P> = ComponentType<P> & { readonly load: () => Promise<unknown> };

/** Returns a component that loads itself when it is first drawn, or when the page has nothing else to do. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, Waiting: ComponentType<P>): Later<P> {
  let found: ComponentType<P> | undefined;
  const get = async (): Promise<{ default: ComponentType<P> }> => {
    found = await load();
    return { default: found };
  };
  const Lazy = lazy(get) as unknown as ComponentType<P>;
  if (isAtEase) void get().catch(() => undefined);
  else waiting.push(get);
  const Part = (props: P): JSX.Element => {
    // Decided once: to change over later would make a new input and lose the focus and what is being typed.
    const [Ready] = useState(() => found);
    if (Ready !== undefined) return createElement(Ready, props);
    return (
      <Suspense fallback={<Waiting {...props} />}>
        <Lazy {...props} />
      </Suspense>
    );
  };
  return Object.assign(Part, { load: get });
}

/** Loads what is loaded later, so that it is there when it is wanted, without a network too. */
export async function loadParts(): Promise<void> {
  isAtEase = true;
  await Promise.allSettled(waiting.splice(0).map((get) => get()));
}
