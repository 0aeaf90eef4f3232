/** Draws stars: one, and a rating as so many of the most there can be. */
import type { JSX } from "react";

const SHAPE = "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9L3.5 9.7l5.9-.8z";

export function Star({ isOn, size = 20 }: { readonly isOn: boolean; readonly size?: number }): JSX.Element {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPE} fill={isOn ? "#f5a623" : "none"} stroke={isOn ? "#c77f0a" : "currentColor"} strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}

export function Stars({ count, most }: { readonly count: number; readonly most: number }): JSX.Element {
  return (
    <span className="stars-shown" role="img" aria-label={`${String(count)} / ${String(most)}`} title={`${String(count)} / ${String(most)}`}>
      {Array.from({ length: most }, (_, index) => (
        <Star key={index} isOn={index < count} size={16} />
      ))}
    </span>
  );
}
