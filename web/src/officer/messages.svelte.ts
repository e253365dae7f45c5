// What was just done, in one sentence above the page, until it is put away or another page is looked at.

class Messages {
  text = $state("");
  #at = 0;

  /** Says that something is done; it is still there on the page that the deed leads to. */
  tell(text: string): void {
    this.text = text;
    this.#at = Date.now();
  }

  clear(): void {
    this.text = "";
  }

  /** Another page is looked at. */
  move(): void {
    if (Date.now() - this.#at > 1_000) this.text = "";
  }
}

export const messages = new Messages();
addEventListener("hashchange", () => messages.move());
