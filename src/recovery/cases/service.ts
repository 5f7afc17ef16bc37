import { NotFound } from '../../shared/errors.ts';
import { createNaming } from './naming.ts';
import type { Tx } from '../../storage/index.ts';
import type { Decisions } from '../decisions/waiting.ts';
import type { RecoveryDeps } from '../deps.ts';
import {
  asCase,
  casesOfCustomer,
  customersWithCases,
  duplicatesOf,
  findCase,
  findCases,
  findNumber,
  openCases,
  setWorths,
} from './case-store.ts';
import { createArrivals } from './arrivals.ts';
import { createCaseContext, type CaseContext } from './context.ts';
import { createEnding } from './ending.ts';
import { createExceptions, type Exceptions } from './exceptions.ts';
import { createHandling, type Handling } from './handling.ts';
import type { Cases } from './interface.ts';
import { createMany, type Many } from './many.ts';
import { createOpening } from './opening.ts';
import { createRemedies, type Remedies } from './remedies.ts';
import { NEVER } from './rules.ts';
import { createCaseSettings, type CaseSettingsService } from './settings-service.ts';
import { createSettling, type Settling } from './settling.ts';
import { createSteps, type Steps } from './steps.ts';

const SIGNED = 'case';
const MOST_OF_CUSTOMER = 50;
/** Far more than anybody merges one after the other. */
const MOST_MERGED = 5;

/** What the pages of cases do with them. */
interface CaseWork {
  steps: Steps;
  exceptions: Exceptions;
  remedies: Remedies;
  handling: Handling;
  many: Many;
  settling: Settling;
  settings: CaseSettingsService;
}

/** What everybody may do with a case, and what only its pages do. */
export function createCases(
  deps: RecoveryDeps,
  decisions: Decisions,
): { cases: Cases; context: CaseContext; work: CaseWork } {
  const { storage, signer, baseUrl } = deps;
  const context = createCaseContext(deps);
  const { hooks } = context;
  const found = (row: Parameters<typeof asCase>[0] | undefined) => row && asCase(row);
  const cases: Cases = {
    open: createOpening(context),
    ...createEnding(context),
    async get(id) {
      const theCase = found(await findCase(storage.read, id));
      if (!theCase) throw new NotFound();
      return theCase;
    },
    find: async (db, id) => found(await findCase(db, id)),
    findMany: async (db, ids) => new Map((await findCases(db, ids)).map((row) => [row.id, asCase(row)])),
    findByNumber: async (number) => found(await findNumber(storage.read, number)),
    async openOf(db, customerIds, kind) {
      const rows = (await openCases(db, customerIds, kind)).map(asCase);
      return Map.groupBy(rows, (each) => each.customerId ?? '');
    },
    ofCustomer: async (db, customerId) => (await casesOfCustomer(db, customerId, MOST_OF_CUSTOMER)).map(asCase),
    async touch(tx, caseId) {
      await context.need(tx, caseId);
      await context.change(tx, caseId, {}, {});
    },
    async note(tx, actor, caseId, note) {
      await context.need(tx, caseId);
      await context.write(tx, actor, caseId, note);
      await context.change(tx, caseId, {}, {});
    },
    duplicatesOf: (db, caseId) => duplicatesOf(db, caseId, MOST_MERGED),
    setCustomer: createNaming(context),
    async setNext(tx, caseId, next) {
      const due = { next_step: next?.step ?? null, next_due_at: next?.dueAt ?? null, look_at: next?.dueAt ?? NEVER };
      await context.change(tx, caseId, { open: true }, { ...due, awaiting: 0 });
    },
    async awaitCustomer(tx, caseId, until) {
      await context.change(tx, caseId, { open: true }, { awaiting: 1, look_at: until ?? NEVER });
    },
    linkFor: (caseId) => `${baseUrl}/c/${signer.sign(SIGNED, caseId)}`,
    async byToken(token) {
      const id = signer.verify(SIGNED, token);
      const row = id === undefined ? undefined : await findCase(storage.read, id);
      // A duplicate's link goes on with the case that it was put into.
      const theCase = found(row?.merged_into_id ? await findCase(storage.read, row.merged_into_id) : row);
      return theCase && !(await isErased(deps, theCase.customerId)) ? theCase : undefined;
    },
    onLine: hooks.line.on,
    onOpened: (hook) => void hooks.opened.push(hook),
    onClosed: (hook) => void hooks.closed.push(hook),
    onReopened: (hook) => void hooks.reopened.push(hook),
    onMerged: (hook) => void hooks.merged.push(hook),
    onHandedOver: (hook) => void hooks.handedOver.push(hook),
    onNamed: (hook) => void hooks.named.push(hook),
    onSettled: (hook) => void hooks.settled.push(hook),
    onSilent: (hook) => void hooks.silent.push(hook),
    onOverdue: (hook) => void hooks.overdue.push(hook),
    onUrgent: (hook) => void hooks.urgent.push(hook),
  };
  listen(deps);
  if (!deps.tellsThePast) {
    const arrivals = createArrivals(context, cases);
    deps.responses.onSubmitted(arrivals.onSubmitted);
    deps.responses.onWish(arrivals.onWish);
  }
  const remedies = createRemedies(context, decisions);
  const steps = createSteps(context);
  const work = {
    remedies,
    steps,
    exceptions: createExceptions(context),
    handling: createHandling(context),
    many: createMany(context),
    settling: createSettling(context, cases, remedies),
    settings: createCaseSettings(deps),
  };
  return { cases, context, work };
}

/** Open cases show what their customers are worth now; a customer with a case is not removed with an import. */
function listen({ customers }: RecoveryDeps): void {
  const refresh = async (tx: Tx, ids: string[]) => {
    const withCases = await customersWithCases(tx, ids);
    if (withCases.length > 0) await setWorths(tx, await customers.worths(tx, withCases));
  };
  customers.onChanged(refresh);
  customers.onRemoving((tx, ids) => customersWithCases(tx, ids));
}

/** Links of a customer who was erased lead nowhere. */
async function isErased({ storage, customers }: RecoveryDeps, customerId: string | null): Promise<boolean> {
  if (customerId === null) return false;
  return ((await customers.outlines(storage.read, [customerId])).get(customerId)?.erasedAt ?? null) !== null;
}
