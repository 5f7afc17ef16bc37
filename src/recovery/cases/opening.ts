import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Tx } from '../../storage/index.ts';
import { asCase, findCause, insertCase, nextNumber, openCases, type CaseRow } from './case-store.ts';
import type { CaseContext } from './context.ts';
import type { CaseKind, NewCase, Opened } from './interface.ts';
import { dueAfter, hasSteps, nextOf, stepsFrom, type Duration, type Durations } from './rules.ts';
import { readSettings } from './settings.ts';
import { insertSteps } from './thread-store.ts';
import type { WorkingPlace } from './working-time.ts';

/** One conversation of these kinds at a time with a customer. */
const ONE_AT_A_TIME: readonly CaseKind[] = ['win_back', 'payment_difficulty'];
/** How soon somebody begins with a conversation. */
const FIRST: Duration = { days: 1 };

interface Plan {
  place: WorkingPlace;
  durations: Durations;
}

/** When the business works and how long its steps may take; an urgent case waits less. */
export async function planFor({ deps }: CaseContext, tx: Tx, urgent: boolean): Promise<Plan> {
  const place = await deps.accounts.companyIn(tx);
  const { durations, urgentDurations } = await readSettings(tx);
  return { place, durations: urgent ? { ...durations, ...urgentDurations } : durations };
}

/** A round that begins then: its steps, and what the case shows as due first. */
export function roundFrom(kind: CaseKind, at: string, { place, durations }: Plan) {
  const steps = hasSteps(kind) ? stepsFrom(place, at, durations) : [];
  const next = nextOf(steps) ?? { step: kind, dueAt: dueAfter(place, at, FIRST) };
  return { steps, due: { next_step: next.step, next_due_at: next.dueAt, look_at: next.dueAt } };
}

type Round = ReturnType<typeof roundFrom>;

export async function writeSteps(tx: Tx, { id, round }: Pick<CaseRow, 'id' | 'round'>, { steps }: Round) {
  if (steps.length === 0) return;
  const blank = { case_id: id, round, state: 'open' as const, said: '', channel: '', account_id: null, at: null };
  await insertSteps(
    tx,
    steps.map(({ step, position, dueAt }) => ({ ...blank, step, position, due_at: dueAt })),
  );
}

async function existing(tx: Tx, { origin, originId, kind, customerId }: NewCase) {
  const cause = originId === null ? undefined : await findCause(tx, { origin, originId, kind });
  if (cause) return { row: cause, sameCause: true };
  if (customerId === null || !ONE_AT_A_TIME.includes(kind)) return undefined;
  const [row] = await openCases(tx, [customerId], kind);
  return row && { row, sameCause: false };
}

/** Opens a case, or finds the one that is there for the same. */
export function createOpening(context: CaseContext) {
  const { deps, hooks, now, id, write, change, tell } = context;

  /** The same cause says nothing new; another one brings its words along. */
  async function joined(tx: Tx, actor: Actor, fresh: NewCase): Promise<Opened | undefined> {
    const found = await existing(tx, fresh);
    if (!found) return undefined;
    const { row, sameCause } = found;
    if (!sameCause) {
      const { words, origin, originId } = fresh;
      await write(tx, actor, row.id, { kind: 'joined', words, detail: { origin, originId } });
      await change(tx, row.id, { open: true }, {});
    }
    return { caseId: row.id, number: row.number, opened: false };
  }

  async function rowFor(tx: Tx, actor: Actor, fresh: NewCase, at: string, { due }: Round): Promise<CaseRow> {
    const { customerId, contact } = fresh;
    const customer = customerId === null ? undefined : await deps.customers.find(customerId, tx);
    const ownerId = fresh.ownerId === undefined ? (customer?.contactAccountId ?? null) : fresh.ownerId;
    return {
      ...BLANK,
      ...due,
      id: id(),
      number: await nextNumber(tx, deps.storage.engine),
      kind: fresh.kind,
      customer_id: customerId,
      contact_name: contact?.name ?? '',
      contact_email: contact?.email ?? '',
      contact_telephone: contact?.telephone ?? '',
      origin: fresh.origin,
      origin_id: fresh.originId,
      summary: fresh.summary ?? '',
      words: fresh.words,
      language: fresh.language,
      owner_id: ownerId,
      urgent: fresh.urgent ? 1 : 0,
      worth_minor: customer?.worthMinor ?? 0,
      opened_at: at,
      opened_by: accountOf(actor),
      updated_at: at,
    };
  }

  return async function open(tx: Tx, actor: Actor, fresh: NewCase): Promise<Opened> {
    const before = await joined(tx, actor, fresh);
    if (before) return before;
    const at = now();
    const round = roundFrom(fresh.kind, at, await planFor(context, tx, fresh.urgent ?? false));
    const row = await rowFor(tx, actor, fresh, at, round);
    if (!(await insertCase(tx, row))) {
      const meanwhile = await joined(tx, actor, fresh);
      if (meanwhile) return meanwhile;
      throw new Error('a case is neither new nor there');
    }
    await writeSteps(tx, row, round);
    await write(tx, actor, row.id, { kind: 'opened', detail: { origin: row.origin } });
    const opened = asCase(row);
    await tell(tx, actor, opened, 'caseOpened');
    for (const hook of hooks.opened) await hook(tx, opened);
    return { caseId: row.id, number: row.number, opened: true };
  };
}

const BLANK = {
  state: 'open' as const,
  round: 1,
  awaiting: 0,
  snoozed_until: null,
  escalated_for: null,
  closed_at: null,
  closed_by: null,
  root_cause: '',
  action: '',
  outcome: '',
  no_question: '',
  asked_at: null,
  settled: null,
  settled_at: null,
  merged_into_id: null,
  revision: 0,
};
