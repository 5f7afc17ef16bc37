import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Books } from '../books.ts';
import { isOffered, ultimate, type Code, type Codebook } from '../codebook.ts';
import type { Place } from '../desk-store.ts';
import type { NewCode } from '../editing/adding.ts';
import type { Editing } from '../editing/service.ts';
import { placeKey } from '../opinions/opinion-store.ts';
import type { FoundTheme } from './finding.ts';
import { readAnswers, readChances, type ReadAnswer } from './reading.ts';
import { hasUnread, newestCoded, newestOfCode, newestOpen } from './reading-store.ts';
import type { ThemesThread } from './thread.ts';
import { earlierOf, isDue, isExplained, isJudged, isOther, keywordsFrom, mayTakeBack, NEEDED } from './theme-rules.ts';
import * as rows from './theme-store.ts';
import type { Theme } from './theme-store.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  books: Books;
  audit: Audit<Tx>;
  thread: ThemesThread;
  editing: Pick<Editing, 'add' | 'addKeywords' | 'removeKeywords' | 'retire'>;
}

const MOST_READ = 5000;
const MOST_EXPLAINED = 2500;
const EXAMPLES = 3;
const PAGE = 30;

export type Themes = ReturnType<typeof createThemes>;

/** What customers say that no code explains, for people to judge; nothing is ever coded by it. */
export function createThemes({ storage, clock, books, audit, thread, editing }: Deps) {
  /** The newest answers, parted into those that a code explains and those that none does. */
  async function newest(programmeId: string, book: Codebook) {
    const open = await newestOpen(storage.read, programmeId, MOST_READ);
    const chances = await readChances(storage.read, open);
    const others: Place[] = [];
    for (const { id } of book.codes.filter(({ kind }) => kind === 'other'))
      others.push(...(await newestOfCode(storage.read, id, MOST_READ)));
    const coded = await newestCoded(storage.read, programmeId, MOST_EXPLAINED);
    const explains = (place: Place) => isExplained(chances.get(placeKey(place)) ?? {}, book);
    const [left, known] = [open.filter((each) => !explains(each)), open.filter(explains)];
    const unread = new Set([...left, ...others].map(placeKey));
    const beside = [...coded, ...known].filter((each) => !unread.has(placeKey(each))).slice(0, MOST_EXPLAINED);
    const unexplained = (await readAnswers(storage.read, distinct([...others, ...left]).slice(0, MOST_READ))).filter(
      ({ codeIds }) => codeIds.length === 0 || isOther(codeIds, book),
    );
    return { unexplained, explained: await readAnswers(storage.read, beside) };
  }

  async function find(
    programmeId: string,
    book: Codebook,
  ): Promise<{ found: FoundTheme[]; unexplained: ReadAnswer[] }> {
    const { unexplained, explained } = await newest(programmeId, book);
    if (unexplained.length < NEEDED) return { found: [], unexplained };
    const found = await thread.ask({
      type: 'themes',
      unexplained: unexplained.map(({ id, text, lang }) => ({ id, text, lang })),
      explained: explained.map(({ text }) => ({ text })),
    });
    return { found, unexplained };
  }

  async function withAnswers(themes: Theme[]) {
    const answers = await rows.answersOf(
      storage.read,
      themes.map(({ id }) => id),
    );
    return themes.map((theme) => ({ ...theme, answers: answers.get(theme.id) ?? [] }));
  }

  async function themeAt(programmeId: string, id: string): Promise<Theme> {
    const theme = isId(id) ? await rows.themeAt(storage.read, programmeId, id) : undefined;
    if (!theme) throw new NotFound('themes.error.gone');
    return theme;
  }

  async function judge(tx: Tx, actor: Actor, id: string, choice: Pick<rows.Choice, 'state' | 'codeId' | 'given'>) {
    const act = { accountId: accountOf(actor), at: timestamp(clock) };
    if (!(await rows.judge(tx, id, { ...choice, ...act }))) throw new Conflict('themes.error.meanwhile');
    await audit(tx, actor, `coding.theme_${choice.state}`, { kind: 'theme', id }, { code: choice.codeId });
  }

  async function unjudge(tx: Tx, actor: Actor, theme: Theme) {
    if (!(await rows.unjudge(tx, theme))) throw new Conflict('themes.error.meanwhile');
    await audit(tx, actor, 'coding.theme_back', { kind: 'theme', id: theme.id }, { was: theme.state });
  }

  /** The first answers of each theme, as customers wrote them. */
  async function examplesOf(themes: Theme[]): Promise<Map<string, ReadAnswer[]>> {
    const members = new Map<string, Place[]>();
    for (const { id } of themes) members.set(id, await rows.membersFrom(storage.read, id, 0, EXAMPLES));
    const read = new Map(
      (await readAnswers(storage.read, [...members.values()].flat())).map((each) => [each.id, each]),
    );
    return new Map(
      [...members].map(([id, places]) => [id, places.flatMap((place) => read.get(placeKey(place)) ?? [])]),
    );
  }

  return {
    /** Whether this programme is to be looked through now. */
    async isDue(programmeId: string): Promise<boolean> {
      const look = await rows.lookOf(storage.read, programmeId);
      return isDue(look, timestamp(clock), await hasUnread(storage.read, programmeId));
    },

    /** Looks for themes among the newest answers; what people have judged does not come back. */
    async look(programmeId: string): Promise<void> {
      const book = await books.of(storage.read, programmeId);
      if (!book) return;
      const at = timestamp(clock);
      const { found, unexplained } = await find(programmeId, book);
      const judged = await withAnswers(await rows.judgedThemes(storage.read, programmeId));
      const earlier = await withAnswers(await rows.newThemes(storage.read, programmeId));
      const places = new Map(unexplained.map((each) => [each.id, each]));
      const taken = new Set<string>();
      const fresh = found
        .filter((theme) => !isJudged(theme, judged))
        .map(({ phrases, answers, novelty }) => {
          const before = earlierOf(
            { phrases, answers },
            earlier.filter(({ id }) => !taken.has(id)),
          );
          const { id, foundAt } = before ?? { id: newId(clock), foundAt: at };
          taken.add(id);
          return { id, foundAt, phrases, novelty, members: answers.flatMap((each) => places.get(each) ?? []) };
        });
      await storage.transaction(async (tx) => {
        await rows.replaceNew(tx, programmeId, fresh);
        await rows.noteLook(tx, programmeId, { looked_at: at, unexplained: unexplained.length });
      });
    },

    /** Has a programme looked through as soon as possible. */
    want: (programmeId: string): Promise<void> =>
      storage.transaction((tx) => rows.noteLook(tx, programmeId, { wanted_at: timestamp(clock) })),

    /** What there is to judge, with examples, and what has been judged lately. */
    async all(programmeId: string) {
      const fresh = await rows.newThemes(storage.read, programmeId);
      const judged = (await rows.judgedThemes(storage.read, programmeId)).slice(0, PAGE);
      const look = await rows.lookOf(storage.read, programmeId);
      return { look, fresh, judged, examples: await examplesOf(fresh), now: timestamp(clock) };
    },

    /** How many wait to be judged. */
    waiting: (programmeId: string): Promise<number> => rows.countNew(storage.read, programmeId),

    at: themeAt,

    /** The answers of a theme from this place on, as customers wrote them, and where the rest begins. */
    async answers(themeId: string, place: number): Promise<{ answers: ReadAnswer[]; next: number | null }> {
      const members = await rows.membersFrom(storage.read, themeId, place, PAGE + 1);
      const answers = await readAnswers(storage.read, members.slice(0, PAGE));
      return { answers, next: members[PAGE]?.place ?? null };
    },

    /** It does not come back. */
    async dismiss(actor: Actor, programmeId: string, id: string): Promise<void> {
      await themeAt(programmeId, id);
      await storage.transaction((tx) => judge(tx, actor, id, { state: 'no', codeId: null, given: {} }));
    },

    /** Makes a code of it. Nothing is coded thereby: its answers wait to be coded as before. */
    async makeCode(actor: Actor, programmeId: string, id: string, code: NewCode): Promise<Code> {
      await themeAt(programmeId, id);
      return await editing.add(actor, programmeId, code, (tx, made, given) =>
        judge(tx, actor, id, { state: 'code', codeId: made.id, given }),
      );
    },

    /** What sets it apart joins the words that point to a code. */
    async sameAs(actor: Actor, programmeId: string, id: string, codeKey: string): Promise<Code> {
      const { phrases } = await themeAt(programmeId, id);
      const code = (await books.of(storage.read, programmeId))?.byKey.get(codeKey);
      if (!code || !isOffered(code)) throw new Invalid({ [`same-${id}`]: { key: 'themes.error.choose' } });
      await editing.addKeywords(actor, programmeId, code.key, keywordsFrom(phrases), (tx, { id: codeId }, given) =>
        judge(tx, actor, id, { state: 'same', codeId, given }),
      );
      return code;
    },

    /** Takes a choice of the last day back: the code made of it is retired, the words given to one are taken from it. */
    async takeBack(actor: Actor, programmeId: string, id: string): Promise<void> {
      const theme = await themeAt(programmeId, id);
      if (!mayTakeBack(theme.decidedAt, timestamp(clock))) throw new Conflict('themes.error.tooLate');
      const book = await books.of(storage.read, programmeId);
      const code = theme.codeId === null ? undefined : book?.byId.get(theme.codeId);
      const back = (tx: Tx) => unjudge(tx, actor, theme);
      if (theme.state === 'code' && code && isOffered(code)) await editing.retire(actor, programmeId, code.key, back);
      else if (theme.state === 'same' && code && book) {
        const now = ultimate(book, code.id) ?? code;
        await editing.removeKeywords(actor, programmeId, now.key, theme.given, back);
      } else await storage.transaction(back);
    },
  };
}

function distinct(places: Place[]): Place[] {
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}
