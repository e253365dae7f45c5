// What a page shows: as last read at once, then as the service says it now; without a network it stays and says since when.
import { answerOf, NoNetwork, Refused, SignedOut, type Problem } from "../../call";
import { readKnown, writeKnown } from "../../store";
import { phone } from "../phone.svelte";

type Answer<Value> = Parameters<typeof answerOf<Value>>[0];

export class Known<Value> {
  value: Value | undefined = $state.raw();
  readAt = $state(0);
  state: "reading" | "read" | "offline" | "refused" = $state("reading");
  problem: Problem | undefined = $state.raw();
  #account = phone.session?.account_id ?? "";

  /** Reads at once. `name` is what it is kept under, for this account. */
  constructor(
    readonly name: string,
    readonly ask: () => Promise<Answer<Value>>,
  ) {
    void this.#start();
  }

  async #start(): Promise<void> {
    const kept = await readKnown(this.#key).catch(() => undefined);
    if (kept && this.state === "reading") [this.value, this.readAt] = [kept.value as Value, kept.read_at];
    await this.read();
  }

  /** Asks the service; what was shown before stays until it has answered. */
  async read(): Promise<void> {
    try {
      await this.show(this.taken(answerOf(await this.ask())));
    } catch (error) {
      if (error instanceof SignedOut) phone.ended();
      else if (error instanceof NoNetwork) this.state = "offline";
      else if (error instanceof Refused) [this.state, this.problem] = ["refused", error.problem];
      else throw error;
    }
  }

  /** What is shown of an answer. */
  protected taken(value: Value): Value {
    return value;
  }

  /** Takes what the service said, also in answer to another call. */
  async show(value: Value): Promise<void> {
    if (phone.session?.account_id !== this.#account) return;
    [this.value, this.readAt, this.state] = [value, Date.now(), "read"];
    // A full disk costs the page only that it can't be read without a network.
    await writeKnown(this.#key, { read_at: this.readAt, value }).catch(() => undefined);
  }

  get #key(): string {
    return `${this.#account} ${this.name}`;
  }
}

/** A sentence for a deed that the service did not do, or that did not reach it. */
export function sentencesOf(error: unknown, offline: string): string[] {
  if (error instanceof SignedOut) phone.ended();
  if (error instanceof NoNetwork) return [offline];
  if (!(error instanceof Refused)) throw error;
  const fields = error.problem?.fields ?? [];
  if (fields.length > 0) return fields.map((field) => field.message);
  return [error.problem?.title ?? String(error.status)];
}
