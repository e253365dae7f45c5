// Bringing a dispatch piece by piece, from where an earlier attempt stopped, until the receipt comes; and what a receipt is of.
import { NoNetwork } from "../../call";

/** Bytes of one piece; the service takes up to twice as many. */
export const PIECE_BYTES = 2 * 1024 * 1024;
/** A piece that got no answer is tried so often before the person is told. */
const ATTEMPTS = 3;

/** What the service says of a dispatch: the receipt, or how many bytes are there without a gap. */
export type Answer = { receipt: string } | { here: number };

/** How the service is asked and told. */
export interface Way {
  ask(digest: string): Promise<Answer>;
  send(digest: string, offset: number, size: number, piece: Blob): Promise<Answer>;
  /** Waits before a piece is tried again. */
  pause(attempt: number): Promise<void>;
}

interface Told {
  set(done: number, total: number): void;
  readonly isStopped: boolean;
}

/** The receipt, or nothing where the person stopped it. Throws what the service refused. */
export async function bring(file: Blob, way: Way, progress: Told): Promise<string | undefined> {
  const digest = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  let answer = await way.ask(digest);
  let attempt = 0;
  while ("here" in answer) {
    if (progress.isStopped) return undefined;
    const { here } = answer;
    progress.set(here, file.size);
    try {
      answer = await way.send(digest, here, file.size, file.slice(here, here + PIECE_BYTES));
      if ("here" in answer && answer.here <= here) throw new NoNetwork();
      attempt = 0;
    } catch (error) {
      attempt += 1;
      if (!(error instanceof NoNetwork) || attempt === ATTEMPTS) throw error;
      await way.pause(attempt);
      answer = await way.ask(digest);
    }
  }
  progress.set(file.size, file.size);
  return answer.receipt;
}

export function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface BatchOf {
  id: string;
  agency: string;
  from: string;
  to: string;
  version: number;
}

/** The batch that a receipt is of, as the entry in it says; nothing where it is no receipt. */
export function batchOf(receipt: string): BatchOf | undefined {
  try {
    const extra = receipt.split("\n").find((line) => line.startsWith("extra "))?.slice("extra ".length) ?? "";
    const bytes = Uint8Array.from(atob(extra), (letter) => letter.charCodeAt(0));
    const { subject, facts } = JSON.parse(new TextDecoder().decode(bytes)) as { subject: string; facts: Omit<BatchOf, "id"> };
    const { agency, from, to, version } = facts;
    return subject.startsWith("batch/") ? { id: subject.slice("batch/".length), agency, from, to, version } : undefined;
  } catch {
    return undefined;
  }
}
