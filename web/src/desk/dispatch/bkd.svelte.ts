// BKD's instance as the settings of this one name it; nothing where this is not an agency's own instance.
import type { components } from "../../../generated/schema";
import { answerOf } from "../../call";
import { api } from "../../officer/session";

type Bkd = components["schemas"]["BkdView"];

class Settings {
  bkd: Bkd | undefined = $state.raw();

  /** Without an answer the page of dispatches is not offered; nothing else depends on it. */
  async load(): Promise<void> {
    const read = await api.GET("/v1/federation").then(answerOf, () => undefined);
    this.bkd = read?.bkd ?? undefined;
  }
}

export const settings = new Settings();
