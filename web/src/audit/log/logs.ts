// The transparency logs of the deployment, as anyone may read them.
import type { components } from "../../../generated/schema";
import { answerOf } from "../../call";
import { api } from "../../officer/session";

export type Logs = components["schemas"]["LogsView"];
export type Log = components["schemas"]["LogView"];

export async function loadLogs(): Promise<Logs> {
  return answerOf(await api.GET("/v1/logs"));
}

export type Witnessed = components["schemas"]["WitnessedLogView"];

/** The logs of others that are cosigned here. */
export async function loadWitnessed(): Promise<Witnessed[]> {
  return answerOf(await api.GET("/v1/witnessed-logs")).items;
}

/** BKD's log as it stands; none where it can't be read, for a sheet without it is a sheet. */
export async function loadAuditLog(): Promise<Log | undefined> {
  const logs = await loadLogs().catch(() => undefined);
  return logs?.items.find((log) => agencyOf(log) === undefined);
}

/** The code of the agency whose log it is; none for BKD's. */
export function agencyOf({ name }: Log): string | undefined {
  return name.startsWith("agency/") ? name.slice("agency/".length) : undefined;
}

/** BKD's own first, then those with entries, by name. */
export function inOrder(logs: Log[], nameOf: (log: Log) => string): Log[] {
  const rank = (log: Log) => (agencyOf(log) === undefined ? 0 : log.size > 0 ? 1 : 2);
  return [...logs].sort((one, other) => rank(one) - rank(other) || nameOf(one).localeCompare(nameOf(other)));
}
