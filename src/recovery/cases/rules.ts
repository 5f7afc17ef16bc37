import type { CaseKind, RecoveryCase } from './interface.ts';
import { workingDaysLater, workingMinutesLater, type WorkingPlace } from './working-time.ts';

/** Putting a complaint right, in this order. */
export const STEPS = ['apologise', 'act', 'empathy', 'make_good', 'follow_up'] as const;
export type StepKey = (typeof STEPS)[number];

/** How long a step may take: working hours, or working days. */
export type Duration = { hours: number } | { days: number };
export type Durations = Record<StepKey, Duration>;

export const STANDARD_DURATIONS: Durations = {
  apologise: { hours: 4 },
  act: { days: 1 },
  empathy: { days: 1 },
  make_good: { days: 3 },
  follow_up: { days: 14 },
};

/** How long closing may take once every step is done. */
export const CLOSING: Duration = { days: 1 };

/** Customers who are not heard of for so many days have not answered whether it is settled. */
export const STANDARD_SILENT_DAYS = 14;

/** Where there is nothing to do until somebody acts: after everything that has a time. */
export const NEVER = '9999-12-31T00:00:00.000Z';

export function dueAfter(place: WorkingPlace, at: string, duration: Duration): string {
  return 'hours' in duration
    ? workingMinutesLater(place, at, duration.hours * 60)
    : workingDaysLater(place, at, duration.days);
}

/** Those that are put right in five steps; the others are conversations with steps of their own. */
export const hasSteps = (kind: CaseKind): boolean => kind === 'complaint' || kind === 'return';

/** Opened for somebody whom nobody could place; what came by the public page is named there. */
export const mayBeNamed = ({ kind, customerId, mergedIntoId, origin }: RecoveryCase): boolean =>
  hasSteps(kind) && customerId === null && mergedIntoId === null && origin !== 'comment' && origin !== 'guarantee';

/** Closed, and the customer may still say whether it is settled for them. */
export const mayBeHeard = ({ kind, closedAt, settled, mergedIntoId }: RecoveryCase): boolean =>
  closedAt !== null && settled !== 'yes' && mergedIntoId === null && hasSteps(kind);

/** The five steps of a round that begins then. */
export function stepsFrom(
  place: WorkingPlace,
  at: string,
  durations: Durations,
): { step: StepKey; position: number; dueAt: string }[] {
  return STEPS.map((step, index) => ({ step, position: index + 1, dueAt: dueAfter(place, at, durations[step]) }));
}

/** What Today shows first: the step that is due first; of those due together, the earlier one. */
export function nextOf<S extends { step: string; position: number; dueAt: string }>(open: S[]): S | undefined {
  return open.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.position - b.position))[0];
}

/** What a tag may be. */
export const TAG = /^[^\p{C}<>]{1,40}$/u;
