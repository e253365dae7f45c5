// Corrections as the service tells them.
import type { components } from "../../../generated/schema";

export type Correction = components["schemas"]["CorrectionView"];
export type State = components["schemas"]["CorrectionStateView"];
export type Day = components["schemas"]["CorrectionDayView"];
