/** Keeps what a form is still being told by the server as the answer to something typed; gives a promise of the moment when all has come. */

/** Whoever saves does not wait longer for an answer that does not come. */
const LONGEST_MS = 5000;

export class Awaited {
  private readonly open = new Set<symbol>();
  private readonly patient = new Set<symbol>();
  private waiting: (() => void)[] = [];

  /** Notes that a value is on its way; returns what says that it has come or will not. `isPatient`: however long it takes, as an upload does. */
  begin(isPatient = false): () => void {
    const one = Symbol("awaited");
    this.open.add(one);
    if (isPatient) this.patient.add(one);
    return () => {
      this.open.delete(one);
      this.patient.delete(one);
      if (this.open.size === 0) for (const go of this.waiting.splice(0)) go();
    };
  }

  /** Tells whether anything is on its way. */
  isAny(): boolean {
    return this.open.size > 0;
  }

  /** Is kept when nothing is on its way. */
  async none(): Promise<void> {
    if (!this.isAny()) return;
    const all = new Promise<void>((go) => this.waiting.push(go));
    await (this.patient.size > 0 ? all : Promise.race([all, new Promise((go) => setTimeout(go, LONGEST_MS))]));
  }
}
