// What the phone keeps, in IndexedDB: shares and entries that wait, outcomes of late, receipts, the session, drafts, and pages as last read.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { components } from "../generated/schema";
import type { Problem } from "./call";

export type Claim = Omit<components["schemas"]["ClaimBody"], "sent_at">;
export type CheckIn = components["schemas"]["CheckInView"];
export type Day = components["schemas"]["MyDayView"];

/** A share that was captured and that the service has not answered for yet, or has refused. */
export interface Waiting {
  /** Given by the store: the order of capture. */
  seq?: number;
  /** Whose share it is. Nobody else's session may send it. */
  account_id: string;
  claim: Claim;
  /** Why the service did not take it; it is then not sent again, and stays until the person removes it. */
  problem?: Problem;
}

/** A daily entry with its photos that waits to be sent. */
export interface WaitingEntry {
  account_id: string;
  body: components["schemas"]["CreateActivityBody"] & { id: string };
  /** JPEG, small enough for the service. */
  photos: ArrayBuffer[];
  /** Why the service did not take it; it then waits for the person. */
  problem?: Problem;
}

/** What the service said of a share. The point itself is no longer kept. */
export interface Outcome {
  account_id: string;
  accuracy_metres: number;
  check_in: CheckIn;
}

/** A share as the service gave it, with what proves that it was recorded. */
export interface Receipt {
  account_id: string;
  check_in: CheckIn & { receipt: string };
}

/** Who is signed in, and with what. */
export interface Session {
  access_token: string;
  refresh_token: string;
  /** By the phone's clock, milliseconds. */
  expires_at: number;
  account_id: string;
  display_name: string;
}

interface Kept {
  session: Session;
  device_id: string;
  /** Milliseconds that the service's clock is ahead of the phone's. */
  ahead: number;
  /** Accounts that have seen the notice of what is processed. */
  notice_seen: string[];
  day: { account_id: string; read_at: number; day: Day };
  /** How many notices were not seen yet, as last read. */
  news: { account_id: string; count: number };
  /** How long data is kept and whom to ask, as last read. */
  privacy: components["schemas"]["PrivacyView"];
}

/** What the service said of something, as last read. */
export interface Known {
  read_at: number;
  value: unknown;
}

interface Schema extends DBSchema {
  waiting: { key: number; value: Waiting; indexes: { by_id: string } };
  outcome: { key: string; value: Outcome };
  receipt: { key: string; value: Receipt; indexes: { by_day: [string, string] } };
  kept: { key: keyof Kept; value: Kept[keyof Kept] };
  /** Pages as last read; keys begin with the account. */
  known: { key: string; value: Known };
  /** What was typed and not handed in; keys begin with the account. */
  draft: { key: string; value: unknown };
  entry: { key: string; value: WaitingEntry };
}

/** So many outcomes are kept, the oldest go first. */
const MOST_OUTCOMES = 30;
/** So many receipts are kept, some years of them; the oldest go first. */
const MOST_RECEIPTS = 3_000;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("sherlok-phone", 3, {
    upgrade(made, before) {
      if (before < 1) {
        const waiting = made.createObjectStore("waiting", { keyPath: "seq", autoIncrement: true });
        waiting.createIndex("by_id", "claim.id", { unique: true });
        made.createObjectStore("outcome");
        made.createObjectStore("kept");
      }
      if (before < 2) for (const name of ["known", "draft", "entry"] as const) made.createObjectStore(name);
      made.createObjectStore("receipt").createIndex("by_day", ["account_id", "check_in.work_date"]);
    },
    blocking(_before, _after, event) {
      // A page of a newer version waits; this one opens again when it needs something.
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
    terminated() {
      opened = undefined;
    },
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

export async function read<Name extends keyof Kept>(name: Name): Promise<Kept[Name] | undefined> {
  return (await (await database()).get("kept", name)) as Kept[Name] | undefined;
}

export async function write<Name extends keyof Kept>(name: Name, value: Kept[Name]): Promise<void> {
  await (await database()).put("kept", value, name);
}

export async function forget(name: keyof Kept): Promise<void> {
  await (await database()).delete("kept", name);
}

/** Keeps a share. When this comes back it is on the disk, not only on its way there. */
export async function addWaiting(waiting: Waiting): Promise<void> {
  const change = (await database()).transaction("waiting", "readwrite", { durability: "strict" });
  await Promise.all([change.store.add(waiting), change.done]);
}

/** Every share on this phone that has no outcome, oldest first. */
export async function listWaiting(): Promise<Waiting[]> {
  return (await database()).getAll("waiting");
}

export async function removeWaiting(id: string): Promise<void> {
  const change = (await database()).transaction("waiting", "readwrite");
  const seq = await change.store.index("by_id").getKey(id);
  if (seq !== undefined) await change.store.delete(seq);
  await change.done;
}

/** Replaces a share by what the service said of it, in one step: at no time is neither kept. */
export async function settle(waiting: Waiting, check_in: CheckIn): Promise<void> {
  const change = (await database()).transaction(["waiting", "outcome", "receipt"], "readwrite");
  const outcomes = change.objectStore("outcome");
  const { account_id, claim } = waiting;
  await outcomes.put({ account_id, accuracy_metres: claim.accuracy_metres, check_in }, claim.id);
  // The ids begin with their time, so the first are the oldest.
  const ids = await outcomes.getAllKeys();
  for (const id of ids.slice(0, -MOST_OUTCOMES)) await outcomes.delete(id);
  const { receipt } = check_in;
  if (receipt) {
    const receipts = change.objectStore("receipt");
    await receipts.put({ account_id, check_in: { ...check_in, receipt } }, claim.id);
    const over = (await receipts.count()) - MOST_RECEIPTS;
    if (over > 0) for (const id of await receipts.getAllKeys(null, over)) await receipts.delete(id);
  }
  const seq = await change.objectStore("waiting").index("by_id").getKey(claim.id);
  if (seq !== undefined) await change.objectStore("waiting").delete(seq);
  await change.done;
}

/** The receipts of somebody's shares of a work date, oldest first. */
export async function listReceipts(account_id: string, work_date: string): Promise<Receipt[]> {
  return (await database()).getAllFromIndex("receipt", "by_day", [account_id, work_date]);
}

/** Marks a share as refused; it is kept. */
export async function refuse(waiting: Waiting, problem: Problem): Promise<void> {
  await (await database()).put("waiting", { ...waiting, problem });
}

export async function findOutcome(id: string): Promise<Outcome | undefined> {
  return (await database()).get("outcome", id);
}

export async function readKnown(name: string): Promise<Known | undefined> {
  return (await database()).get("known", name);
}

export async function writeKnown(name: string, known: Known): Promise<void> {
  await (await database()).put("known", known, name);
}

/** What was read in somebody's name does not outlive their session. */
export async function forgetKnown(): Promise<void> {
  await (await database()).clear("known");
}

export async function readDraft(name: string): Promise<unknown> {
  return (await database()).get("draft", name);
}

export async function writeDraft(name: string, value: unknown): Promise<void> {
  await (await database()).put("draft", value, name);
}

export async function forgetDraft(name: string): Promise<void> {
  await (await database()).delete("draft", name);
}

/** Keeps an entry to be sent, in place of the same one as it was before. */
export async function putEntry(entry: WaitingEntry): Promise<void> {
  const change = (await database()).transaction("entry", "readwrite", { durability: "strict" });
  await Promise.all([change.store.put(entry, entry.body.id), change.done]);
}

/** Every entry on this phone that was not sent, oldest first. */
export async function listEntries(): Promise<WaitingEntry[]> {
  return (await database()).getAll("entry");
}

/** Takes an entry off the phone; `sent` unless it was changed since it was sent. */
export async function removeEntry(id: string, sent?: WaitingEntry): Promise<void> {
  const change = (await database()).transaction("entry", "readwrite");
  const now = await change.store.get(id);
  const isSame = !sent || !now || (JSON.stringify(now.body) === JSON.stringify(sent.body) && now.photos.length === sent.photos.length);
  if (isSame) await change.store.delete(id);
  await change.done;
}

/** Random for each install, made once. */
export async function deviceId(): Promise<string> {
  const known = await read("device_id");
  if (known) return known;
  const made = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");
  await write("device_id", made);
  return made;
}

/** Runs `work` while no other page of this phone does; where the browser can't say, at once. */
export async function alone<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  if (!("locks" in navigator)) return work();
  return navigator.locks.request(`sherlok-${name}`, work) as Promise<Value>;
}
