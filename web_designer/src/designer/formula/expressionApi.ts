/** Asks the server about an expression being written and about the functions there are; positions are counted as the browser counts them. */
import type { ApiClient } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";
import { type Points, pointsOf } from "./points";

type Schemas = components["schemas"];
export type Answer = Schemas["ExpressionAnswer"];
export type TrialAnswer = Required<Schemas["TrialAnswer"]>;
export type Completion = Schemas["CompletionEntry"];
export type Signature = Schemas["SignatureEntry"];
export type NameEntry = Schemas["ExpressionName"];
export type IssueEntry = Schemas["ExpressionIssue"];
export type FunctionGroup = Schemas["FunctionGroup"];
export type FunctionEntry = Schemas["FunctionEntry"];
export type Use = NonNullable<Schemas["ExpressionBody"]["use"]>;

/** What an expression is about: whose names it may use, what for, and which type its answer must have. */
export type Subject = { readonly app: string; readonly entity: string; readonly use: Use; readonly wanted?: string | undefined };

/** Ask what a text is worth, and what may be written at a position of it. */
export async function checkExpression(api: ApiClient, subject: Subject, text: string, position: number | null, signal?: AbortSignal): Promise<Answer> {
  const { app, ...about } = subject;
  const points = pointsOf(text);
  const body = { ...about, text, ...(position === null ? {} : { position: points.toPoint(position) }) };
  const path = `/api/apps/${encodeURIComponent(app)}/expressions/check`;
  return inUnits(points, await api.json<Answer>(path, { method: "POST", body, ...(signal ? { signal } : {}) }));
}

/** Ask what a sound text gives for a saved record. */
export function tryExpression(api: ApiClient, { app, ...about }: Subject, text: string, record: string, signal: AbortSignal): Promise<TrialAnswer> {
  return api.json<TrialAnswer>(`/api/apps/${encodeURIComponent(app)}/expressions/value`, { method: "POST", body: { ...about, text, record }, signal });
}

export const readFunctions = async (api: ApiClient): Promise<readonly FunctionGroup[]> => (await api.json<Schemas["FunctionsAnswer"]>("/api/functions")).groups;

function inUnits(points: Points, answer: Answer): Answer {
  if (points.isPlain) return answer;
  const at = ([from, to]: readonly [number, number]): [number, number] => [points.toUnit(from), points.toUnit(to)];
  return {
    ...answer,
    issues: answer.issues.map((issue) => ({ ...issue, span: issue.span && at(issue.span), fixes: issue.fixes.map((fix) => ({ ...fix, span: at(fix.span) })) })),
    names: answer.names.map((name) => ({ ...name, span: at(name.span) })),
    completions: answer.completions.map((one) => ({ ...one, span: at(one.span) })),
  };
}
