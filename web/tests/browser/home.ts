// A home that waits for the operator of the demo's agency.
import type { Page } from "@playwright/test";
import { account } from "./account";
import { demo, official } from "./person";

/** Registers a second home of the demo's employee of the operator's agency. */
export async function register(page: Page, address: string): Promise<void> {
  const operator = official("agency_operator");
  const someone = demo().sign_ins.find(({ agency, position }) => position && agency === operator.agency);
  if (!someone?.position) throw new Error("the demo has no employee of the operator's agency");
  const call = await account(page, someone);
  const { latitude, longitude } = someone.position;
  await call("post", "/v1/me/homes", { rank: "secondary", kind: "temporary", address, latitude, longitude: longitude + 0.004, accuracy_metres: 140 });
}
