import { exportedCodings } from '../coding/index.ts';
import { exportedProfile, namesOf, personOf } from '../customers/index.ts';
import { exportedInvitations } from '../invitations/index.ts';
import { exportedAttentions } from '../loyalty/index.ts';
import { exportedMails } from '../mailer/index.ts';
import { exportedCases } from '../recovery/index.ts';
import { exportedFigures } from '../reports/index.ts';
import { exportedResponses } from '../responses/index.ts';
import { exportedMessages } from '../retention/index.ts';
import type { Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { NotFound } from '../shared/errors.ts';
import { exportedCalls } from '../telephone/index.ts';
import type { PrivacyDeps } from './deps.ts';

/** By area and table, with the columns as they are kept: amounts in minor units, files in base64. */
export interface Exported {
  reference: string;
  exportedAt: string;
  data: Record<string, Record<string, unknown>>;
}

export function createExporting({ storage, clock, accounts }: PrivacyDeps) {
  return async function exported(actor: Actor, id: string): Promise<Exported> {
    const { read } = storage;
    const person = await personOf(read, id);
    if (!person) throw new NotFound();
    // With what stands under the names of records that were merged into this one.
    const names = await namesOf(read, id);
    const ids = [id, ...names.map((each) => each.id)];
    const answers = await exportedResponses(read, ids);
    const invitations = await exportedInvitations(read, ids);
    const [cases, attentions, messages] = [
      await exportedCases(read, ids),
      await exportedAttentions(read, ids),
      await exportedMessages(read, ids),
    ];
    const subjects = subjectsIn([invitations, cases, attentions, messages]);
    const data = {
      customer: await exportedProfile(read, ids),
      invitations,
      answers,
      codings: await exportedCodings(
        read,
        answers.responses.map((each) => each.id),
      ),
      telephone: await exportedCalls(read, ids),
      cases,
      attentions,
      messages,
      figures: await exportedFigures(read, ids),
      mail: await exportedMails(read, subjects, [person.email, ...names.map(({ email }) => email)]),
    };
    await storage.transaction((tx) => accounts.audit(tx, actor, 'privacy.exported', { kind: 'customer', id }));
    return { reference: person.reference, exportedAt: timestamp(clock), data };
  };
}

/** The ids of everything that a mail can be about. */
function subjectsIn(parts: Record<string, unknown[]>[]): string[] {
  const rows = parts.flatMap((part) => Object.values(part).flat()) as { id?: unknown }[];
  return [...new Set(rows.map(({ id }) => id).filter((id) => typeof id === 'string'))];
}
