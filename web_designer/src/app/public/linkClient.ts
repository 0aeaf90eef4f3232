/** Talks to the server for a visitor of a public link: the token goes in a header, and what a reference offers is asked of the link. */
import { ApiClient, type RequestOptions } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import type { RecordJson } from "@/shared/api/records";
import type { RuntimeModel } from "@/shared/renderer/types";

/** What a visitor finds behind a link. */
export interface Opened {
  readonly kind: "fill" | "read";
  readonly entity: string;
  readonly form: string | null;
  readonly model: RuntimeModel;
  readonly record: RecordJson | null;
  readonly pass: string | null;
}

/** What sending a form is answered. */
export interface Sent {
  readonly can_again: boolean;
}

const RECORDS = /^\/api\/apps\/([^/]+)\/records\/([^/]+)$/;

export class LinkClient extends ApiClient {
  private app = "";
  private pass = "";
  private password: string | null = null;

  constructor(private readonly token: string) {
    super();
  }

  /** Opens the link; raises Problem where it cannot be, or wants another password. */
  async open(password: string | null): Promise<Opened> {
    const opened = await this.json<Opened>("/api/public/open", { method: "POST", body: password === null ? {} : { password } });
    this.app = opened.model.app;
    this.password = password;
    this.pass = opened.pass ?? "";
    return opened;
  }

  /** Sends what was filled in; a key that was sent before gives what came of it then. */
  async sendForm(values: Readonly<Record<string, unknown>>, key: string, isConfirmed: boolean): Promise<Sent> {
    const headers = { "Idempotency-Key": key, ...(isConfirmed ? { "X-Confirm-Warnings": "true" } : {}) };
    const once = (): Promise<Sent> => this.json("/api/public/records", { method: "POST", body: values, headers });
    try {
      return await once();
    } catch (problem) {
      // Whoever fills in a form for long need not give its password again.
      if (!(problem instanceof Problem) || problem.code !== "access-public-link-locked" || this.password === null) throw problem;
      await this.open(this.password);
      return await once();
    }
  }

  override json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const [, owner, entity] = RECORDS.exec(path) ?? [];
    const asked = owner === undefined ? path : `/api/public/records/${owner === this.app ? entity : `${owner}.${entity}`}`;
    const headers = { ...options.headers, "X-Link-Token": this.token, ...(this.pass === "" ? {} : { "X-Link-Pass": this.pass }) };
    return super.json(asked, { ...options, headers });
  }
}
