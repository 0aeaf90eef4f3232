/** The one way to the server: adds language and CSRF token, turns refusals into Problem and silence into NoAnswer. */
import createClient, { type Client } from "openapi-fetch";
import { NoAnswer, readProblem } from "./problem";
import type { paths } from "./schema";

/** What a request may carry beside its path. */
export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Where this window keeps as whom an administrator looks. */
const VIEWED = "dougong.view-as";

/** Returns an address that the browser asks for by itself, such as a picture or a download, so that it goes out as whom this window looks as. */
export function asViewed(address: string): string {
  const viewed = window.sessionStorage.getItem(VIEWED);
  return viewed === null ? address : `${address}${address.includes("?") ? "&" : "?"}view_as=${encodeURIComponent(viewed)}`;
}

/** Talks to one server for one signed-in person. */
export class ApiClient {
  /** Typed calls of the platform's own endpoints. */
  readonly platform: Client<paths>;
  private csrfToken = "";
  private language = "zh-CN";
  private viewed = window.sessionStorage.getItem(VIEWED);
  private readonly signedOut = new Set<() => void>();

  constructor() {
    this.platform = createClient<paths>({ baseUrl: window.location.origin, fetch: (request) => this.send(request) });
  }

  /** Takes the token of the session into use. */
  useToken(token: string): void {
    this.csrfToken = token;
  }

  /** Sets the language of the server's messages. */
  useLanguage(language: string): void {
    this.language = language;
  }

  /** Returns the headers of a request that is not sent from here: an upload, which tells how far it is. */
  headers(): Readonly<Record<string, string>> {
    return { "Accept-Language": this.language, "X-CSRF-Token": this.csrfToken, ...(this.viewed === null ? {} : { "X-View-As": this.viewed }) };
  }

  /** Says whether an administrator looks as somebody else in this window. */
  get isViewing(): boolean {
    return this.viewed !== null;
  }

  /** Looks as a user from here on, in this window; as oneself again with null. What pages have loaded is theirs to forget. */
  viewAs(user: string | null): void {
    this.viewed = user;
    if (user === null) window.sessionStorage.removeItem(VIEWED);
    else window.sessionStorage.setItem(VIEWED, user);
  }

  /** Calls `listener` when the server says that nobody is signed in; returns how to stop. */
  onSignedOut(listener: () => void): () => void {
    this.signedOut.add(listener);
    return () => this.signedOut.delete(listener);
  }

  /** Sends a request whose answer is JSON; gives null for 204. */
  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const url = new URL(path, window.location.origin);
    if (options.query) url.search = options.query.toString();
    const response = await this.send(
      new Request(url, {
        method: options.method ?? "GET",
        headers: { ...(options.body === undefined ? {} : { "Content-Type": "application/json" }), ...options.headers },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    );
    return (response.status === 204 ? null : await response.json()) as T;
  }

  /** Sends a file as it is, with a POST; the answer is JSON. */
  async file<T>(path: string, query: URLSearchParams, file: Blob): Promise<T> {
    const url = new URL(path, window.location.origin);
    url.search = query.toString();
    const response = await this.send(new Request(url, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file }));
    return (await response.json()) as T;
  }

  private async send(request: Request): Promise<Response> {
    request.headers.set("Accept-Language", this.language);
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", this.csrfToken);
    if (this.viewed !== null) request.headers.set("X-View-As", this.viewed);
    let response: Response;
    try {
      response = await fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw new NoAnswer("no answer", { cause: error });
    }
    if (response.ok) return response;
    // A gateway that finds nobody behind it is silence, too: the request may be sent again. Where the server itself says that another did not answer, it has answered.
    const isOfServer = response.status === 502 && (response.headers.get("content-type") ?? "").includes("problem+json");
    if (!isOfServer && (response.status === 502 || response.status === 503 || response.status === 504)) throw new NoAnswer(`http ${response.status}`);
    const problem = await readProblem(response);
    if (problem.status === 401 && problem.code === "access-not-signed-in") for (const listener of this.signedOut) listener();
    throw problem;
  }
}
