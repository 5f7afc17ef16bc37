import { newId } from '../../shared/ids.ts';
import { underLease, type Job } from '../../scheduler/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import * as arriving from './arriving-store.ts';
import type { Ultimate } from './audited.ts';
import * as store from './counting-store.ts';
import { countDay, countMonths } from './days.ts';
import { itemsOf } from './items-store.ts';
import { mergesOf } from './merges-store.ts';
import type { Counted } from './parts.ts';
import { createPlaces } from './places.ts';
import { keepSaid } from './said.ts';
import { addSaid, type Said } from './said-rules.ts';
import * as state from './state-store.ts';

const LEASE = 'satisfaction';
const NEWS_A_PASS = 2000;
/** Under this stands which codes had become which when all was counted. */
const MERGES = 'merges';

/** Counts what is said about being served by day and month, in the background. */
export function createCounting({ storage, clock, leases, coding }: InsightDeps) {
  const note = (tx: Tx, days: Iterable<string>) =>
    arriving.addNews(
      tx,
      Array.from(days, (day) => ({ id: newId(clock), on_day: day })),
    );

  async function countNews(keep: () => Promise<boolean>): Promise<void> {
    const news = await store.newsOf(storage.read, NEWS_A_PASS);
    // What the engine reads soon is counted again then; where there is none yet, its first model brings news of all days.
    const reading = new Set((await state.turnsOfProgrammes(storage.read)).map(({ programmeId }) => programmeId));
    const isUnread = ({ programmeId, words }: Counted) =>
      reading.has(programmeId) && words.some(({ chances }) => chances === null);
    const places = createPlaces(await itemsOf(storage.read));
    const ultimate = ultimateBy(await mergesOf(storage.read));
    for (const [month, days] of Map.groupBy(news, ([day]) => day.slice(0, 7))) {
      const said = new Map<string, Said[]>();
      for (const [day] of days) {
        if (!(await keep())) return;
        await countDay({ storage, clock }, day, { places, ultimate }, (response) => {
          addSaid(said, response);
          return isUnread(response);
        });
      }
      await keepSaid(storage, month, new Set(days.map(([day]) => day)), said);
      await storage.backgroundTransaction((tx) =>
        store.forgetNews(
          tx,
          days.flatMap(([, ids]) => ids),
        ),
      );
    }
    await countMonths({ storage, clock });
  }

  /** Has all days counted anew that this programme's answers came on, all programmes' where none is named. */
  async function countAgain(name: string, value: string, programmeId?: string): Promise<void> {
    const days = await arriving.daysOfProgramme(storage.read, programmeId);
    await storage.transaction(async (tx) => {
      await note(tx, days);
      await state.keepState(tx, name, value);
    });
  }

  /** When a newer model has read everything, what it says is counted in the place of what the one before said. */
  async function noticeModels(): Promise<void> {
    for (const { programmeId, turn } of await state.turnsOfProgrammes(storage.read)) {
      const name = `turn ${programmeId}`;
      if ((await state.stateOf(storage.read, name)) === String(turn)) continue;
      if (await state.anyUnread(storage.read, programmeId, turn)) continue;
      await countAgain(name, String(turn), programmeId);
    }
  }

  /** What an audit says of codes that were merged is known only when they are counted together. */
  async function noticeMerges(): Promise<void> {
    const merges = JSON.stringify(await mergesOf(storage.read));
    const known = (await state.stateOf(storage.read, MERGES)) ?? '[]';
    if (known !== merges) await countAgain(MERGES, merges);
  }

  coding.onMainReason(async (tx, customerIds) => note(tx, await arriving.daysOf(tx, customerIds)));
  coding.audits.onWeighed(async (tx, responseIds) => note(tx, await arriving.daysOfResponses(tx, responseIds)));

  const count: Job = async () => {
    await noticeModels();
    await noticeMerges();
    const isDue =
      (await store.newsOf(storage.read, 1)).size > 0 || (await store.changedMonths(storage.read)).length > 0;
    if (!isDue) return;
    await underLease(leases, LEASE, (lease) => countNews(() => lease.keep()));
  };
  return { count, note };
}

/** A code that was merged counts as what that became, and so on. */
function ultimateBy(merges: { id: string; into: string }[]): Ultimate {
  const next = new Map(merges.map(({ id, into }) => [id, into]));
  return (codeId) => {
    let last = codeId;
    for (let steps = 0; steps <= next.size; steps++) last = next.get(last) ?? last;
    return last;
  };
}
