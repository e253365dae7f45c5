// A form that outlives a reload: what is typed is kept on the phone under the account until it was handed in.
import { forgetDraft, readDraft, writeDraft } from "../../store";
import { phone } from "../phone.svelte";

/** So long after the last change the form is kept. */
const PAUSE_MILLISECONDS = 300;

export class Draft<Fields extends object> {
  fields: Fields = $state() as Fields;
  /** Whether what was typed before is back; a form is shown only then. */
  isReady = $state(false);
  /** Whether anything was typed that is kept. */
  isKept = $state(false);
  #key: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  #empty: Fields;

  constructor(name: string, empty: Fields) {
    this.#empty = empty;
    this.#key = `${phone.session?.account_id ?? ""} ${name}`;
    this.fields = empty;
    void this.#load();
    $effect(() => {
      const fields = $state.snapshot(this.fields);
      if (this.isReady) this.#keep(fields as Fields);
      return () => clearTimeout(this.#timer);
    });
  }

  async #load(): Promise<void> {
    const kept = await readDraft(this.#key).catch(() => undefined);
    // Fields that a newer version of the page has are as in an empty form.
    if (typeof kept === "object" && kept !== null) [this.fields, this.isKept] = [{ ...this.#empty, ...kept }, true];
    this.isReady = true;
  }

  #keep(fields: Fields): void {
    clearTimeout(this.#timer);
    const isEmpty = JSON.stringify(fields) === JSON.stringify(this.#empty);
    if (isEmpty && !this.isKept) return;
    this.#timer = setTimeout(() => {
      this.isKept = true;
      void writeDraft(this.#key, fields).catch(() => (this.isKept = false));
    }, PAUSE_MILLISECONDS);
  }

  /** Shows what is known already; it is kept only once something of it was changed. */
  fill(fields: Fields): void {
    [this.#empty, this.fields] = [fields, { ...fields }];
  }

  /** After it was handed in. */
  async forget(): Promise<void> {
    clearTimeout(this.#timer);
    this.isReady = false;
    await forgetDraft(this.#key);
  }
}
