import { timestamp } from '../../shared/clock.ts';
import type { Db } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { placeKey } from '../opinions/opinion-store.ts';
import { readAnswers, type ReadAnswer } from './reading.ts';
import { hasUnread } from './reading-store.ts';
import { createJudging, themeAt, type JudgingDeps } from './theme-judging.ts';
import { look, type LookingDeps } from './theme-looking.ts';
import { isDue } from './theme-rules.ts';
import * as rows from './theme-store.ts';
import type { Theme } from './theme-store.ts';

const EXAMPLES = 3;
const PAGE = 30;

/** What customers say that no code explains, for people to judge; nothing is ever coded by it. */
export function createThemes(deps: LookingDeps & JudgingDeps) {
  const { storage, clock } = deps;
  return {
    /** Whether this programme is to be looked through now. */
    async isDue(programmeId: string): Promise<boolean> {
      const last = await rows.lookOf(storage.read, programmeId);
      return isDue(last, timestamp(clock), await hasUnread(storage.read, programmeId));
    },
    /** Looks for themes among the newest answers; what people have judged does not come back. */
    look: (programmeId: string): Promise<void> => look(deps, programmeId),
    /** Has a programme looked through as soon as possible. */
    want: (programmeId: string): Promise<void> =>
      storage.transaction((tx) => rows.noteLook(tx, programmeId, { wanted_at: timestamp(clock) })),

    /** What there is to judge, with examples, and what has been judged lately. */
    async all(programmeId: string) {
      const fresh = await rows.newThemes(storage.read, programmeId);
      const judged = (await rows.judgedThemes(storage.read, programmeId)).slice(0, PAGE);
      const last = await rows.lookOf(storage.read, programmeId);
      return { look: last, fresh, judged, examples: await examplesOf(storage.read, fresh), now: timestamp(clock) };
    },
    /** How many wait to be judged. */
    waiting: (programmeId: string): Promise<number> => rows.countNew(storage.read, programmeId),
    /** Throws NotFound. */
    at: (programmeId: string, id: string): Promise<Theme> => themeAt(storage.read, programmeId, id),
    /** The answers of a theme from this place on, as customers wrote them, and where the rest begins. */
    async answers(themeId: string, place: number): Promise<{ answers: ReadAnswer[]; next: number | null }> {
      const members = await rows.membersFrom(storage.read, themeId, place, PAGE + 1);
      const answers = await readAnswers(storage.read, members.slice(0, PAGE));
      return { answers, next: members[PAGE]?.place ?? null };
    },
    ...createJudging(deps),
  };
}

/** The first answers of each theme, as customers wrote them. */
async function examplesOf(db: Db, themes: Theme[]): Promise<Map<string, ReadAnswer[]>> {
  const members = new Map<string, Place[]>();
  for (const { id } of themes) members.set(id, await rows.membersFrom(db, id, 0, EXAMPLES));
  const read = new Map((await readAnswers(db, [...members.values()].flat())).map((each) => [each.id, each]));
  return new Map([...members].map(([id, places]) => [id, places.flatMap((place) => read.get(placeKey(place)) ?? [])]));
}
