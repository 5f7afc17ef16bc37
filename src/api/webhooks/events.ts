import type { RecoveryCase } from '../../recovery/index.ts';
import type { Response } from '../../responses/index.ts';

/** What programs can be told of. */
export const EVENT_KINDS = [
  'response.submitted',
  'case.opened',
  'case.closed',
  'customer.opted_out',
  'wave.finished',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Sent to one endpoint alone, when somebody tries it out. */
export const TEST = 'test';

/** Ids and codes, never words or addresses: whoever may know more asks the interface. */
export type EventData = Record<string, string | number | boolean | null>;

export interface Happening {
  kind: EventKind;
  /** What makes it this event and no other. */
  cause: string;
  data: EventData;
}

export function responseSubmitted(response: Response): Happening {
  const { id, reference, customerId, invitationId, waveId, programmeId, versionId, mode, language } = response;
  const data = { responseId: id, reference, customerId, invitationId, waveId, programmeId, versionId, mode, language };
  return { kind: 'response.submitted', cause: id, data: { ...data, submittedAt: response.submittedAt } };
}

export function caseOpened({ id, number, kind, origin, customerId, urgent, openedAt }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, origin, customerId, urgent, openedAt };
  return { kind: 'case.opened', cause: id, data };
}

/** A case that was reopened can be closed again: each round is an event of its own. */
export function caseClosed({ id, number, kind, round, customerId, closedAt, mergedIntoId }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, round, customerId, closedAt, mergedIntoId };
  return { kind: 'case.closed', cause: `${id} ${round}`, data };
}

export function optedOut(customerId: string, at: string): Happening {
  return { kind: 'customer.opted_out', cause: `${customerId} ${at}`, data: { customerId, optedOutAt: at } };
}

export function waveFinished(waveId: string, at: string): Happening {
  return { kind: 'wave.finished', cause: waveId, data: { waveId, finishedAt: at } };
}
