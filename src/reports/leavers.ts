import type { Schema, Storage, Tx } from '../storage/index.ts';
import type { Estimates } from './estimate-service.ts';
import { customersWhoLeft, leaverSources, replaceLeavers } from './leaver-store.ts';
import { knowledgeOf, tenureBand, valueBand } from './rules.ts';
import type { SumsService } from './sums/service.ts';

const CHUNK = 200;

interface Deps {
  storage: Storage;
  programmeKey: string;
  sums: SumsService;
  estimates: Estimates;
  company(): Promise<{ currency: string }>;
}

/** Keeps what is known of everybody who has left on one row each, for the report to read. */
export function createLeavers({ storage, programmeKey, sums, estimates, company }: Deps) {
  // Inside transactions nothing else may be asked: the currency is read at start and at each report.
  let currency = 'EUR';

  async function refresh(tx: Tx, customerIds: string[]): Promise<void> {
    const ids = [...new Set(customerIds)];
    for (let start = 0; start < ids.length; start += CHUNK) {
      const chunk = ids.slice(start, start + CHUNK);
      const before = await sums.daysLeft(tx, chunk);
      const sources = await leaverSources(tx, chunk, programmeKey);
      const rows = sources.map((source) => leaverRow(source, currency));
      await replaceLeavers(tx, chunk, rows);
      await sums.note(
        tx,
        before,
        rows.map((row) => row.left_on),
      );
      await estimates.include(tx, rows);
    }
  }

  async function learnCurrency(): Promise<string> {
    ({ currency } = await company());
    return currency;
  }

  return {
    /** Brings the leavers among these customers up to date, in the transaction that changed something about them. */
    refresh,

    /** The engine's chances of these customers' reasons are others now. */
    async noteRead(tx: Tx, customerIds: string[]): Promise<void> {
      await sums.note(tx, await sums.daysLeft(tx, customerIds), []);
    },

    /** Builds the table anew from nothing, a part at a time, so that nobody waits for it. @returns how many left */
    async rebuild(): Promise<number> {
      await learnCurrency();
      let after = '';
      let count = 0;
      for (;;) {
        const ids = await customersWhoLeft(storage.read, after, CHUNK);
        if (ids.length === 0) break;
        await storage.backgroundTransaction((tx) => refresh(tx, ids));
        count += ids.length;
        after = ids.at(-1) ?? after;
        await new Promise(setImmediate);
      }
      await sums.rebuild();
      return count;
    },

    learnCurrency,
  };
}

type LeaverSource = Awaited<ReturnType<typeof leaverSources>>[number];

function leaverRow(source: LeaverSource, currency: string): Schema['leaver'] {
  const leftOn = source.left_on ?? '';
  const reached = Number(source.reached ?? 0);
  const main = mainOf(source);
  const knowledge = knowledgeOf({
    mainKind: main?.kind ?? null,
    answered: source.response_id !== null,
    withheld: reached === 2,
    asked: reached === 1,
  });
  return {
    customer_id: source.id,
    left_on: leftOn,
    lost_minor: source.worth_minor,
    knowledge,
    main_code_id: main?.codeId ?? null,
    main_source: main?.source ?? null,
    stated_code_id: source.stated_code_id,
    response_id: source.response_id,
    submitted_at: source.submitted_at,
    segment: source.segment,
    country: source.country,
    language: source.language,
    tenure_band: tenureBand(source.customer_since, leftOn),
    value_band: valueBand(source.worth_minor, currency),
    from_call: main?.fromCall ? 1 : 0,
    silent: main?.fromCall && reached === 1 ? 1 : 0,
    first_question: source.question_key,
    random_number: source.random_number,
  };
}

/** What an answer says outranks what was said on a call. */
function mainOf({ main_kind, code_id, source, said_kind, said_code_id }: LeaverSource) {
  if (main_kind !== null) return { kind: main_kind, codeId: code_id, source, fromCall: false };
  return said_kind === null
    ? null
    : { kind: said_kind, codeId: said_code_id, source: 'colleague' as const, fromCall: true };
}
