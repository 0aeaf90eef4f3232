/** Takes a text, gives its positions in both ways of counting: the server counts characters, the browser UTF-16 units. */
export interface Points {
  /** Whether both ways of counting agree. */
  readonly isPlain: boolean;
  readonly toUnit: (point: number) => number;
  readonly toPoint: (unit: number) => number;
}

const PLAIN: Points = { isPlain: true, toUnit: (point) => point, toPoint: (unit) => unit };

export function pointsOf(text: string): Points {
  if (!/[\ud800-\udfff]/.test(text)) return PLAIN;
  const units: number[] = [];
  let unit = 0;
  for (const character of text) {
    units.push(unit);
    unit += character.length;
  }
  units.push(unit);
  return {
    isPlain: false,
    toUnit: (point) => units[Math.min(point, units.length - 1)] ?? unit,
    toPoint: (wanted) => {
      const found = units.findIndex((start) => start >= wanted);
      return found < 0 ? units.length - 1 : found;
    },
  };
}
