import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict, Forbidden, NotFound } from '../../shared/errors.ts';
import { createHooks, type Hooks, type Tx } from '../../storage/index.ts';
import { hasRole, type Role } from '../../web/index.ts';
import { tellWhoAsked } from '../decisions/decision-mail.ts';
import { remedyWaits, type Decisions } from '../decisions/waiting.ts';
import type { CaseContext } from './context.ts';
import type { RecoveryCase } from './interface.ts';
import { changeRemedy, findRemedy, insertRemedy, remediesOf, type RemedyRow } from './remedy-store.ts';
import { readSettings } from './settings.ts';

/** What makes good; the first three cost money that is named. */
export const REMEDIES = [
  'refund',
  'credit',
  'voucher',
  'replacement',
  'repair',
  'visit',
  'gift',
  'promise',
  'other',
] as const;
export type RemedyKind = (typeof REMEDIES)[number];

interface NewRemedy {
  kind: RemedyKind;
  what: string;
  /** Minor units; 0 where it costs nothing that is counted. */
  amountMinor: number;
}

/** Who offers or decides, and what their role allows. */
export interface RemedyBy {
  actor: Actor;
  role: Role;
}

export interface RemedyGiven {
  theCase: RecoveryCase;
  remedy: Pick<RemedyRow, 'id' | 'kind' | 'amount_minor'>;
  at: string;
}

export interface Remedies {
  /** Runs in the same transaction when the customer gets one. */
  onGiven: Hooks<RemedyGiven>['on'];
  /** Within the colleague's limit it is approved at once, above it waits for a manager. @returns which */
  offer(by: RemedyBy, caseId: string, remedy: NewRemedy): Promise<'approved' | 'proposed'>;
  /** The same as a part of something greater. */
  offerIn(tx: Tx, by: RemedyBy, caseId: string, remedy: NewRemedy): Promise<'approved' | 'proposed'>;
  /** For programs, which ask again when they heard nothing: what was offered there already in the same words is that one. */
  offerOnce(by: RemedyBy, caseId: string, remedy: NewRemedy): Promise<{ id: string; fresh: boolean }>;
  /** What the customer proposes waits for us to say yes or no. */
  propose(tx: Tx, actor: Actor, caseId: string, words: string): Promise<void>;
  /** Ours takes a manager, a customer's wish anybody. @throws Conflict where it was decided meanwhile, Forbidden */
  decide(by: RemedyBy, caseId: string, remedyId: string, yes: boolean, reason: string): Promise<void>;
  /** They have it. @throws Conflict unless it is approved and not given */
  give(actor: Actor, caseId: string, remedyId: string): Promise<void>;
}

/** What makes good, in money and otherwise. */
export function createRemedies(context: CaseContext, decisions: Decisions): Remedies {
  const { deps, id, now, need, write, change, tell } = context;
  const { storage } = deps;
  const handed = createHooks<RemedyGiven>();

  const row = (caseId: string, remedy: NewRemedy): RemedyRow => ({
    id: id(),
    case_id: caseId,
    kind: remedy.kind,
    what: remedy.what,
    amount_minor: remedy.amountMinor,
    state: 'proposed',
    proposed_by: null,
    from_customer: 0,
    proposed_at: now(),
    decided_by: null,
    decided_at: null,
    reason: '',
    given_by: null,
    given_at: null,
  });

  async function openCase(tx: Tx, caseId: string) {
    const theCase = await need(tx, caseId);
    if (theCase.closedAt !== null) throw new Conflict('cases.error.closed');
    return theCase;
  }

  /** Touches the case, so that two who spend its limit at the same moment do it one after the other. */
  async function spent(tx: Tx, caseId: string): Promise<number> {
    await change(tx, caseId, { open: true }, {});
    const given = (await remediesOf(tx, caseId)).filter(({ state }) => state === 'approved' || state === 'given');
    return given.reduce((sum, each) => sum + each.amount_minor, 0);
  }

  async function found(tx: Tx, caseId: string, remedyId: string): Promise<RemedyRow> {
    const remedy = await findRemedy(tx, caseId, remedyId);
    if (!remedy) throw new NotFound();
    return remedy;
  }

  async function insertIn(tx: Tx, { actor, role }: RemedyBy, caseId: string, remedy: NewRemedy): Promise<RemedyRow> {
    const theCase = await openCase(tx, caseId);
    const total = (await spent(tx, caseId)) + remedy.amountMinor;
    const { staffLimitMinor } = await readSettings(tx);
    const may = hasRole(role, 'manager') || remedy.amountMinor === 0 || total <= staffLimitMinor;
    const state = may ? ('approved' as const) : ('proposed' as const);
    const decided = may ? { decided_by: accountOf(actor), decided_at: now() } : {};
    const offered = { ...row(caseId, remedy), state, proposed_by: accountOf(actor), ...decided };
    await insertRemedy(tx, offered);
    const kind = may ? 'remedyApproved' : 'remedyProposed';
    const detail = { remedy: remedy.kind, amountMinor: remedy.amountMinor };
    await write(tx, actor, caseId, { kind, words: remedy.what, detail });
    await tell(tx, actor, theCase, 'caseRemedy');
    if (!may) await decisions.waiting.tell(tx, remedyWaits(offered, theCase.customerId));
    return offered;
  }

  const offerIn: Remedies['offerIn'] = async (tx, by, caseId, remedy) => {
    const { state } = await insertIn(tx, by, caseId, remedy);
    return state === 'approved' ? state : 'proposed';
  };

  return {
    onGiven: handed.on,
    offerIn,
    offer: (by, caseId, remedy) => storage.transaction((tx) => offerIn(tx, by, caseId, remedy)),
    offerOnce: (by, caseId, remedy) =>
      storage.transaction(async (tx) => {
        await openCase(tx, caseId);
        await change(tx, caseId, { open: true }, {});
        const before = (await remediesOf(tx, caseId)).find((each) => stands(each) && isSame(each, remedy));
        const { id: remedyId } = before ?? (await insertIn(tx, by, caseId, remedy));
        return { id: remedyId, fresh: before === undefined };
      }),
    async propose(tx, actor, caseId, words) {
      const { customerId } = await openCase(tx, caseId);
      const wish = { ...row(caseId, { kind: 'other', what: words, amountMinor: 0 }), from_customer: 1 };
      await insertRemedy(tx, wish);
      await write(tx, actor, caseId, { kind: 'customerProposed', words, fromCustomer: true });
      await change(tx, caseId, { open: true }, { awaiting: 0 });
      await decisions.waiting.tell(tx, remedyWaits(wish, customerId));
    },
    async decide(by, caseId, remedyId, yes, reason) {
      await storage.transaction(async (tx) => {
        const { customerId } = await openCase(tx, caseId);
        const { what, from_customer: wish, proposed_by: askedBy } = await found(tx, caseId, remedyId);
        if (wish === 0 && !hasRole(by.role, 'manager')) throw new Forbidden();
        const state = yes ? ('approved' as const) : ('declined' as const);
        const at = now();
        const decided = { state, decided_by: accountOf(by.actor), decided_at: at, reason };
        if (!(await changeRemedy(tx, remedyId, 'proposed', decided))) throw new Conflict('cases.error.changed');
        const kind = yes ? 'remedyApproved' : 'remedyDeclined';
        await write(tx, by.actor, caseId, { kind, words: reason || what });
        await deps.accounts.audit(tx, by.actor, `recovery.${kind}`, { kind: 'case', id: caseId });
        const decision = { what: 'remedy' as const, approved: yes, caseId, path: `/cases/${caseId}#remedies` };
        await tellWhoAsked(deps.mailer, tx, by.actor, { ...decision, askedBy });
        await change(tx, caseId, { open: true }, {});
        const about = { what: 'remedy' as const, id: remedyId, caseId, customerId, answerId: null };
        await decisions.decided.tell(tx, { ...about, approved: yes, at });
      });
    },
    async give(actor, caseId, remedyId) {
      await storage.transaction(async (tx) => {
        const theCase = await openCase(tx, caseId);
        const row = await found(tx, caseId, remedyId);
        const { what, kind: remedy, amount_minor: amountMinor } = row;
        const at = now();
        const given = { state: 'given' as const, given_by: accountOf(actor), given_at: at };
        if (!(await changeRemedy(tx, remedyId, 'approved', given))) throw new Conflict('cases.error.changed');
        await write(tx, actor, caseId, { kind: 'remedyGiven', words: what, detail: { remedy, amountMinor } });
        await change(tx, caseId, { open: true }, {});
        await tell(tx, actor, theCase, 'caseRemedyGiven');
        await handed.tell(tx, { theCase, remedy: row, at });
      });
    },
  };
}

const stands = ({ state, from_customer: wish }: RemedyRow) =>
  wish === 0 && state !== 'declined' && state !== 'withdrawn';

const isSame = (row: RemedyRow, { kind, what, amountMinor }: NewRemedy) =>
  row.kind === kind && row.what === what && Number(row.amount_minor) === amountMinor;
