/** Takes two versions of a package, says whether the first is the higher one. */

export function isNewer(version: string, than: string): boolean {
  const numbers = (text: string): readonly number[] => text.split(".").map(Number);
  const [ours, theirs] = [numbers(version), numbers(than)];
  const place = [0, 1, 2].find((index) => (ours[index] ?? 0) !== (theirs[index] ?? 0));
  return place !== undefined && (ours[place] ?? 0) > (theirs[place] ?? 0);
}
