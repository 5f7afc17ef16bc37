import type { Customer } from '../customers/index.ts';
import type { OpenInvitation, Wave } from '../invitations/index.ts';
import type { Definition } from '../questionnaires/index.ts';
import { NotFound } from '../shared/errors.ts';
import type { TelephoneDeps } from './deps.ts';
import * as store from './store.ts';

export interface CallSheet {
  call: store.CallRow;
  wave: Wave;
  invitation: OpenInvitation;
  customer: Customer;
  definition: Definition;
  language: string;
}

/** A call that nobody has who is not its colleague. */
export const RELEASED = { claimed_by: null, claimed_at: null, claimed_until: null };

/** @throws NotFound */
export async function findCall(
  { storage }: Pick<TelephoneDeps, 'storage'>,
  invitationId: string,
): Promise<store.CallRow> {
  const call = await store.findCall(storage.read, invitationId);
  if (!call) throw new NotFound();
  return call;
}

/** @throws NotFound where there is no such call, or the customer has been erased */
export async function sheetOf(deps: TelephoneDeps, invitationId: string): Promise<CallSheet> {
  const { invitations, questionnaires, customers, storage } = deps;
  const call = await findCall(deps, invitationId);
  const invitation = await invitations.find(storage.read, invitationId);
  const version = invitation && (await questionnaires.version(invitation.versionId));
  const customer = (await customers.findMany(storage.read, [call.customer_id])).get(call.customer_id);
  if (!invitation || !version || !customer || customer.erasedAt !== null) throw new NotFound();
  const wave = await invitations.getWave(invitation.waveId);
  // Whoever was skipped has no language of the wording yet.
  const chosen =
    invitation.delivery === 'skipped'
      ? (await invitations.languagesFor(invitation.versionId))(customer.language)
      : undefined;
  const language = chosen ?? invitation.language;
  return { call, wave, invitation, customer, definition: version.definition, language };
}
