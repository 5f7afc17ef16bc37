import { timestamp, type Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { placeOf } from '../opinions/opinion-store.ts';
import { writtenIn } from './competitor-answers.ts';
import { newNames, type Competitor, type NewName } from './competitor-rules.ts';
import { recount, rootsNamedIn } from './competitor-recount-store.ts';
import * as rows from './competitor-store.ts';
import type { FoundNames } from './names.ts';
import type { ThemesThread } from './thread.ts';

export interface GatheringDeps {
  storage: Storage;
  clock: Clock;
  thread: ThemesThread;
  /** The business's own name is no competitor's; empty where it is not known. */
  companyName(): Promise<string>;
}

const PART = 200;
/** Answers around the new ones, by which names are told from other words. */
const AROUND = 500;
/** The question where the customer buys now: a name alone is an answer. */
const WHERE_NOW = 'now';

/** Looks for names in some answers that arrived or changed. False where there is nothing left. */
export async function gatherSome(deps: GatheringDeps, programmeId: string): Promise<boolean> {
  const { storage, clock } = deps;
  const unread = await rows.unnamed(storage.read, programmeId, PART);
  if (unread.length === 0) return false;
  const responseIds = [...new Set(unread.map(({ responseId }) => responseId))];
  const found = await findIn(deps, programmeId, responseIds);
  await storage.backgroundTransaction(async (tx) => {
    await rows.lockNames(tx, programmeId);
    const all = await keepNew(tx, clock, programmeId, found);
    const before = await rootsNamedIn(tx, responseIds);
    await rows.setMentions(tx, responseIds, mentionsIn(found, all));
    await recount(tx, [...before, ...(await rootsNamedIn(tx, responseIds))]);
    await rows.noteNamed(tx, unread);
  });
  return unread.length === PART;
}

async function findIn(deps: GatheringDeps, programmeId: string, responseIds: string[]): Promise<FoundNames> {
  const { read } = deps.storage;
  const known = await rows.competitorsOf(read, programmeId);
  const newest = await rows.newestResponses(read, programmeId, AROUND);
  const around = newest.filter((id) => !responseIds.includes(id));
  const written = new Map([...(await writtenIn(read, responseIds)), ...(await writtenIn(read, around))]);
  const answers = [...written].map(([id, { text, questionKey }]) => ({
    id,
    text,
    tellsWhere: questionKey === WHERE_NOW,
  }));
  const gone = known.filter(({ state }) => state === 'no').map(({ name }) => name);
  const except = [await deps.companyName(), ...gone].filter((name) => name !== '');
  return await deps.thread.ask({ type: 'names', answers, known: known.map(({ key }) => key), except });
}

/** Keeps the names that are new. @returns all there are then, by key */
async function keepNew(tx: Tx, clock: Clock, programmeId: string, { names }: FoundNames) {
  const known = await rows.competitorsOf(tx, programmeId);
  const byKey = new Map(known.map((each) => [each.key, each]));
  for (const fresh of newNames(names, known)) {
    const into = fresh.sameAs === null ? undefined : byKey.get(fresh.sameAs);
    const competitor = competitorOf(fresh, newId(clock), into);
    await rows.addCompetitor(tx, programmeId, competitor, timestamp(clock));
    byKey.set(fresh.key, competitor);
  }
  return byKey;
}

function competitorOf({ key, name }: NewName, id: string, into: Competitor | undefined): Competitor {
  const counts = into
    ? ({ state: 'same', mergedIntoId: into.id, rootId: into.rootId } as const)
    : ({ state: 'new', mergedIntoId: null, rootId: id } as const);
  return { id, key, name, ...counts, accountId: null, decidedAt: null, responses: 0 };
}

/** Every answer in which a name was found, new or known. */
function mentionsIn({ names, mentions }: FoundNames, all: ReadonlyMap<string, Competitor>): rows.Mention[] {
  const found = names.map(({ spellings, answers }) => ({ key: spellings[0]?.key ?? '', answers }));
  return [...found, ...mentions].flatMap(({ key, answers }) => {
    const competitorId = all.get(key)?.id;
    return competitorId ? answers.map((id) => ({ competitorId, ...placeOf(id) })) : [];
  });
}
