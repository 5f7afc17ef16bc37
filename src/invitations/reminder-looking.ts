import type { Company } from '../accounts/index.ts';
import type { MailCustomer } from '../customers/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { Db, Schema } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { judge, type ReminderFacts, type Verdict } from './reminder-rules.ts';
import { remindedInvitations, type RemindedInvitation } from './reminder-store.ts';
import { findWaves } from './wave-store.ts';
import type { Wave } from './wave.ts';

type ReminderRow = Schema['reminder'];

interface Looked extends ReminderFacts {
  row: ReminderRow;
  found: RemindedInvitation;
  person: MailCustomer | undefined;
  wholeWave: Wave | undefined;
}

export interface Judged extends Looked {
  verdict: Verdict;
}

/** What becomes of each of these reminders, as everything stands in this transaction. */
export async function judgeReminders(
  deps: InvitationsDeps,
  db: Db,
  rows: ReminderRow[],
  company: Company,
): Promise<Judged[]> {
  const now = timestamp(deps.clock);
  const all = await look(deps, db, rows);
  return all.map((looked) => ({ ...looked, verdict: judge(looked, company, now) }));
}

/** Everything that decides about these reminders. */
async function look(deps: InvitationsDeps, db: Db, rows: ReminderRow[]): Promise<Looked[]> {
  const invitations = await remindedInvitations(
    db,
    rows.map((row) => row.invitation_id),
  );
  const all = [...invitations.values()];
  const waves = await findWaves(db, [...new Set(all.map((each) => each.wave_id))]);
  const ids = [...new Set(all.map((each) => each.customer_id))];
  const people = await deps.customers.forMail(db, ids);
  const complaining = await (deps.hasOpenComplaint?.(db, ids) ?? NOBODY);
  const talking = await (deps.isTalking?.(db, ids) ?? NOBODY);
  const addresses = [...people.values()].map(({ email }) => email).filter((email) => email !== '');
  const suppressed = await (deps.isSuppressed?.(db, addresses) ?? NOBODY);
  const worded = await wordedIn(deps, db, all, waves);
  return rows.flatMap((row) => {
    const found = invitations.get(row.invitation_id);
    if (!found) return [];
    const person = people.get(found.customer_id);
    const wholeWave = waves.get(found.wave_id);
    return {
      row,
      found,
      person,
      wholeWave,
      reminder: { number: row.number, dueAt: row.due_at },
      invitation: {
        delivery: found.delivery,
        progress: found.progress,
        sentAt: found.sent_at,
        bouncedAt: found.bounced_at,
        revokedAt: found.revoked_at,
        expiresAt: found.expires_at,
      },
      wave: wholeWave,
      customer: person,
      hasOpenComplaint: complaining.has(found.customer_id),
      isTalking: talking.has(found.customer_id),
      isSuppressed: person !== undefined && suppressed.has(person.email),
      hasWords: worded.has(`${found.wave_id} ${found.language}`),
    };
  });
}

/** The waves and languages in which reminders have words that somebody has approved. */
async function wordedIn(
  { questionnaires }: InvitationsDeps,
  db: Db,
  invitations: RemindedInvitation[],
  waves: Map<string, Wave>,
): Promise<Set<string>> {
  const worded = new Set<string>();
  for (const key of new Set(invitations.map(({ wave_id, language }) => `${wave_id} ${language}`))) {
    const [id = '', language = ''] = key.split(' ');
    const wave = waves.get(id);
    if (wave && (await questionnaires.reminderWords(wave.versionId, language, db))) worded.add(key);
  }
  return worded;
}

const NOBODY: ReadonlySet<string> = new Set();
