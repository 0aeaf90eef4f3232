/** What can go wrong between browser and server, as errors with a code; texts are the server's own, in the reader's language. */

/** One thing that is wrong, at a place of what was sent. */
export interface ProblemError {
  readonly pointer?: string;
  readonly parameter?: string;
  /** The place as people write it: `lines[2].quantity`. */
  readonly field?: string;
  readonly code: string;
  readonly detail: string;
}

/** A value that two people changed: what it was, what it is now and what was sent. */
export interface ProblemConflict {
  readonly pointer: string;
  readonly was: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
}

/** The server's answer to a request it refuses (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly ProblemError[],
    readonly retryAfter: number | null,
    readonly conflicts: readonly ProblemConflict[] = [],
  ) {
    super(detail || title);
  }
}

/** The request got no answer: no network, server down, time over. Whether it took effect is not known. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Reads a refusal; an answer that is not problem+json (a proxy's page) still gives a code. */
export async function readProblem(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(await response.text());
    if (typeof parsed === "object" && parsed !== null) body = parsed as Record<string, unknown>;
  } catch {
    body = {};
  }
  const text = (key: string): string => (typeof body[key] === "string" ? body[key] : "");
  const retry = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new Problem(
    response.status,
    text("code") || `http-${response.status}`,
    text("title"),
    text("detail"),
    Array.isArray(body["errors"]) ? (body["errors"] as ProblemError[]) : [],
    Number.isFinite(retry) ? retry : null,
    Array.isArray(body["conflicts"]) ? (body["conflicts"] as ProblemConflict[]) : [],
  );
}
