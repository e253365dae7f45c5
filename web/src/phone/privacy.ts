// How long the service keeps what it is sent, and whom to ask; as last read where there is no network.
import type { components } from "../../generated/schema";
import { api } from "../session";
import { read, write } from "../store";

export type Privacy = components["schemas"]["PrivacyView"];

export async function readPrivacy(): Promise<Privacy | undefined> {
  try {
    const { data } = await api.GET("/v1/privacy");
    if (data) {
      await write("privacy", data).catch(() => undefined);
      return data;
    }
  } catch {
    // What was read last is better than nothing.
  }
  return read("privacy").catch(() => undefined);
}
