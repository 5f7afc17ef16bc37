import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import type { Db, Storage, Tx } from '../../storage/index.ts';
import type { Books } from '../books.ts';
import { isOffered, ultimate, type Code } from '../codebook.ts';
import type { NewCode } from '../editing/adding.ts';
import type { Editing } from '../editing/service.ts';
import { keywordsFrom, mayTakeBack } from './theme-rules.ts';
import * as rows from './theme-store.ts';
import type { Choice, Theme } from './theme-store.ts';

export interface JudgingDeps {
  storage: Storage;
  clock: Clock;
  books: Books;
  audit: Audit<Tx>;
  editing: Pick<Editing, 'add' | 'addKeywords' | 'removeKeywords' | 'retire'>;
}

/** Throws NotFound. */
export async function themeAt(db: Db, programmeId: string, id: string): Promise<Theme> {
  const theme = isId(id) ? await rows.themeAt(db, programmeId, id) : undefined;
  if (!theme) throw new NotFound('themes.error.gone');
  return theme;
}

/** What people make of a theme. Each throws NotFound, and Conflict where somebody has judged it meanwhile. */
export function createJudging(deps: JudgingDeps) {
  const { storage, clock, books, editing } = deps;
  return {
    /** It does not come back. */
    async dismiss(actor: Actor, programmeId: string, id: string): Promise<void> {
      await themeAt(storage.read, programmeId, id);
      await storage.transaction((tx) => judge(deps, tx, actor, id, { state: 'no', codeId: null, given: {} }));
    },

    /** Makes a code of it. Nothing is coded thereby: its answers wait to be coded as before. */
    async makeCode(actor: Actor, programmeId: string, id: string, code: NewCode): Promise<Code> {
      await themeAt(storage.read, programmeId, id);
      return await editing.add(actor, programmeId, code, (tx, made, given) =>
        judge(deps, tx, actor, id, { state: 'code', codeId: made.id, given }),
      );
    },

    /** What sets it apart joins the words that point to a code. Throws Invalid (`same-ID`) where that is none. */
    async sameAs(actor: Actor, programmeId: string, id: string, codeKey: string): Promise<Code> {
      const { phrases } = await themeAt(storage.read, programmeId, id);
      const code = (await books.of(storage.read, programmeId))?.byKey.get(codeKey);
      if (!code || !isOffered(code)) throw new Invalid({ [`same-${id}`]: { key: 'themes.error.choose' } });
      await editing.addKeywords(actor, programmeId, code.key, keywordsFrom(phrases), (tx, { id: codeId }, given) =>
        judge(deps, tx, actor, id, { state: 'same', codeId, given }),
      );
      return code;
    },

    /** Takes a choice of the last day back: the code made of it is retired, the words given to one are taken from it. */
    async takeBack(actor: Actor, programmeId: string, id: string): Promise<void> {
      const theme = await themeAt(storage.read, programmeId, id);
      if (!mayTakeBack(theme.decidedAt, timestamp(clock))) throw new Conflict('themes.error.tooLate');
      const book = await books.of(storage.read, programmeId);
      const code = theme.codeId === null ? undefined : book?.byId.get(theme.codeId);
      const back = (tx: Tx) => unjudge(deps, tx, actor, theme);
      if (theme.state === 'code' && code && isOffered(code)) await editing.retire(actor, programmeId, code.key, back);
      else if (theme.state === 'same' && code && book) {
        const now = ultimate(book, code.id) ?? code;
        await editing.removeKeywords(actor, programmeId, now.key, theme.given, back);
      } else await storage.transaction(back);
    },
  };
}

async function judge(
  { clock, audit }: JudgingDeps,
  tx: Tx,
  actor: Actor,
  id: string,
  choice: Pick<Choice, 'state' | 'codeId' | 'given'>,
): Promise<void> {
  const act = { accountId: accountOf(actor), at: timestamp(clock) };
  if (!(await rows.judge(tx, id, { ...choice, ...act }))) throw new Conflict('themes.error.meanwhile');
  await audit(tx, actor, `coding.theme_${choice.state}`, { kind: 'theme', id }, { code: choice.codeId });
}

async function unjudge({ audit }: JudgingDeps, tx: Tx, actor: Actor, theme: Theme): Promise<void> {
  if (!(await rows.unjudge(tx, theme))) throw new Conflict('themes.error.meanwhile');
  await audit(tx, actor, 'coding.theme_back', { kind: 'theme', id: theme.id }, { was: theme.state });
}
