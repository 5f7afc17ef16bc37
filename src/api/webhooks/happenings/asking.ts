import type { MergedRecords } from '../../../merging/index.ts';
import type { Erased } from '../../../privacy/index.ts';
import type { Response } from '../../../responses/index.ts';
import type { Happening } from '../events.ts';

export function responseSubmitted(response: Response): Happening {
  const { id, reference, customerId, invitationId, waveId, programmeId, versionId, mode, language } = response;
  const data = { responseId: id, reference, customerId, invitationId, waveId, programmeId, versionId, mode, language };
  return { kind: 'response.submitted', cause: id, data: { ...data, submittedAt: response.submittedAt } };
}

export function optedOut(customerId: string, at: string): Happening {
  return { kind: 'customer.opted_out', cause: `${customerId} ${at}`, data: { customerId, optedOutAt: at } };
}

/** Other programs put theirs together as well: the other id and its reference go on leading to the kept one here. */
export function merged({ keptId, otherId, at }: MergedRecords): Happening {
  return { kind: 'customer.merged', cause: otherId, data: { customerId: keptId, mergedId: otherId, mergedAt: at } };
}

/** They asked to be forgotten: other programs are to forget them as well. */
export function erased({ id, at }: Erased): Happening {
  return { kind: 'customer.erased', cause: id, data: { customerId: id, erasedAt: at } };
}

export function waveFinished(waveId: string, at: string): Happening {
  return { kind: 'wave.finished', cause: waveId, data: { waveId, finishedAt: at } };
}
