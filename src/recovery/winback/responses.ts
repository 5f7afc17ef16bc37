import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import * as store from './case-store.ts';
import type { CallSheet } from './call-sheet.ts';
import { LEAVING, type WinbackDeps } from './deps.ts';

const LOOKED_AT = 20;

/**
 * Where the business had asked them why they left and they have not answered, what they said on the telephone is that
 * answer, coded as the colleague heard it: so it counts in the reports. Otherwise the call alone keeps the reason.
 */
export async function keepAsResponse(
  deps: WinbackDeps,
  accountId: string,
  { customer }: CallSheet,
  callId: string,
): Promise<boolean> {
  const { storage, clock, questionnaires, responses, accounts, coding } = deps;
  const [call] = (await store.callsOf(storage.read, customer.id, 1)).filter(({ id }) => id === callId);
  const programme = (await questionnaires.programmes()).find(({ key }) => key === LEAVING);
  if (!call || !programme || call.said === '') return false;
  const invitation = await askedBefore(deps, customer.id, programme.id);
  const version = invitation && (await questionnaires.version(invitation.versionId));
  const open = version?.definition.questions.find(({ kind }) => kind === 'open');
  if (!invitation || !version || !open) return false;
  const at = timestamp(clock);
  const answers = [{ key: open.key, value: { kind: 'open' as const, text: call.said }, answeredAt: at }];
  const { name: company } = await accounts.company();
  const asked = {
    invitation,
    definition: version.definition,
    mode: 'telephone' as const,
    language: invitation.language,
  };
  const whole = { answers, startedAt: at, submittedAt: at, contactWish: null, company };
  const { response } = await storage.transaction(async (tx) => {
    const entered = await responses.enter(tx, asked, whole, { by: accountId, at, receivedOn: null });
    await store.noteResponse(tx, callId, entered.response.id);
    return entered;
  });
  const codeId = (await coding.codebook(programme.id))?.byKey.get(call.reason_key)?.id;
  if (codeId !== undefined) await codeAs(deps, accountId, response.id, open.key, codeId);
  return true;
}

async function codeAs(
  { coding }: WinbackDeps,
  accountId: string,
  responseId: string,
  questionKey: string,
  codeId: string,
) {
  const given = { responseId, questionKey, codeIds: [codeId], mainCodeId: codeId };
  try {
    await coding.saveCoding(colleague(accountId), given);
  } catch (error) {
    // A colleague at the desk was faster: what they found stands.
    if (!(error instanceof Conflict)) throw error;
  }
}

/** The last questions about their leaving that they have not answered. */
async function askedBefore({ invitations, storage }: WinbackDeps, customerId: string, programmeId: string) {
  const rows = await invitations.contacts.ofCustomer(storage.read, customerId, LOOKED_AT);
  for (const { kind, sequence_id } of rows) {
    const found = kind === 'survey' ? await invitations.find(storage.read, sequence_id) : undefined;
    if (found?.programmeId !== programmeId) continue;
    const isOpen = found.revokedAt === null && (found.progress === 'none' || found.progress === 'started');
    return isOpen ? found : undefined;
  }
  return undefined;
}
