import { accountOf, type Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { CodebookDefinition } from './codebook-definition.ts';
import {
  codebookOf,
  isOffered,
  keyFor,
  mergeTargets,
  offered,
  parentsFor,
  textIn,
  type Code,
  type Codebook,
  type Texts,
} from './codebook.ts';
import * as rows from './codebook-store.ts';
import {
  badParent,
  codeAt,
  demandFreeName,
  demandNoChildren,
  lastPosition,
  offeredAt,
  placed,
  readInput,
  type CodeInput,
} from './editing-rules.ts';
import type { createMoves } from './moves.ts';
import { codesFrom, emptyBook } from './starters.ts';
import { countOf, missingFrom, together, without, type Keywords } from './themes/keyword-rules.ts';
import { keywordsOfCode, setKeywords } from './themes/keyword-store.ts';

export interface EditingDeps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
  moves: ReturnType<typeof createMoves>;
  /** The codebooks that come with the product, by the key of their programme. */
  starters(): ReadonlyMap<string, CodebookDefinition>;
}

interface Edit {
  tx: Tx;
  at: string;
  book: Codebook;
  /** Writes down who changed what. */
  record(kind: rows.ChangeKind, code: Code, detail?: Record<string, unknown>, said?: string): Promise<void>;
}

/** Done in the transaction of a change, once it is made. */
export type Alongside = (tx: Tx, code: Code, words: Keywords) => Promise<void>;

const MOST_CODES = 300;

/** Changes of codebooks. Each takes the next revision and is written down; a code's key never changes. */
export function createEditing({ storage, clock, audit, moves, starters }: EditingDeps) {
  /** One change after the other for each codebook: the revision is taken first. */
  async function edit<T>(actor: Actor, programmeId: string, body: (edit: Edit) => Promise<T>): Promise<T> {
    return await storage.transaction(async (tx) => {
      const head = await rows.headOf(tx, programmeId);
      if (!head) throw new NotFound();
      const at = timestamp(clock);
      const revision = await rows.nextRevision(tx, head.id);
      const book = codebookOf({ id: head.id, programmeId, revision }, await rows.codesOf(tx, head.id));
      const record: Edit['record'] = async (kind, code, detail = {}, said = kind) => {
        const change = { id: newId(clock), revision, kind, codeId: code.id, accountId: accountOf(actor), at };
        await rows.insertChange(tx, book.id, { ...change, detail: { name: code.name, ...detail } });
        await audit(tx, actor, `coding.code_${said}`, { kind: 'code', id: code.id }, { key: code.key });
      };
      return await body({ tx, at, book, record });
    });
  }

  async function install(programmeId: string, definitions: CodebookDefinition['codes']): Promise<boolean> {
    return await storage.transaction(async (tx) => {
      const id = newId(clock);
      const at = timestamp(clock);
      if (!(await rows.insertCodebook(tx, { id, programmeId, at }))) return false;
      await rows.insertCodes(tx, id, codesFrom(definitions, clock), at);
      return true;
    });
  }

  async function insertCode({ tx, at, book }: Edit, code: Omit<Code, 'id' | 'retiredAt' | 'splitAt' | 'mergedIntoId'>) {
    if (book.codes.length >= MOST_CODES) throw new Conflict('codebook.error.tooMany', { most: MOST_CODES });
    const whole: Code = { ...code, id: newId(clock), retiredAt: null, splitAt: null, mergedIntoId: null };
    await rows.insertCodes(tx, book.id, [whole], at);
    return whole;
  }

  /** Gives a code these words, and writes down which are new and which are gone. @returns whether anything changed */
  async function reword({ tx, record }: Edit, code: Code, keywords: Keywords): Promise<boolean> {
    const known = await keywordsOfCode(tx, code.id);
    const [added, removed] = [missingFrom(known, keywords), missingFrom(keywords, known)];
    if (countOf(added) + countOf(removed) === 0) return false;
    await setKeywords(tx, code.id, keywords);
    await record('rename', code, { words: { added, removed } }, 'words');
    return true;
  }

  /** Renames and restores, or adds, one of the codes that a program gives. @returns its id */
  async function setCode(change: Edit, input: CodeInput, i: number, ids: ReadonlyMap<string, string>): Promise<string> {
    const { tx, book, record } = change;
    const { texts, place, keywords } = readInput(input, i, ids);
    const known = book.byKey.get(input.key);
    if (known?.mergedIntoId) throw new Invalid({ [`codes.${i}.key`]: { key: 'codebook.error.keyMerged' } });
    if (known) {
      await rows.updateCode(tx, known.id, { ...texts, ...place, retiredAt: null, splitAt: null });
      await record('rename', known, { to: texts.name });
      if (keywords) await reword(change, known, keywords);
      return known.id;
    }
    const { key, kind = 'reason' } = input;
    const code = await insertCode(change, { description: {}, ...texts, ...place, key, kind });
    if (keywords) await setKeywords(tx, code.id, keywords);
    await record('add', code, keywords ? { words: { added: keywords } } : {});
    return code.id;
  }

  return {
    /** Gives every programme that comes with a codebook its own, once. */
    async installCodebooks(): Promise<void> {
      for (const { id, key, codebookId } of await rows.programmes(storage.read)) {
        const starter = codebookId === null ? starters().get(key) : undefined;
        if (starter) await install(id, starter.codes);
      }
    },
    /** A codebook without reasons, for a programme of the business's own. False where it has one. */
    createEmpty: (programmeId: string): Promise<boolean> => install(programmeId, emptyBook(starters())),

    add: (actor: Actor, programmeId: string, wanted: NewCode, alongside?: Alongside): Promise<Code> =>
      edit(actor, programmeId, async (change) => {
        const { tx, book, record } = change;
        const { name, description, parentKey, keywords = {} } = wanted;
        const parent = parentKey ? book.byKey.get(parentKey) : undefined;
        if (parentKey && (!parent || !parentsFor(book, null).includes(parent))) throw badParent();
        const parentId = parent?.id ?? null;
        demandFreeName(book, null, parentId, name);
        const key = keyFor(textIn(name, 'en'), new Set(book.byKey.keys()));
        const position = lastPosition(book) + 10;
        const code = await insertCode(change, { key, parentId, kind: 'reason', name, description, position });
        await setKeywords(tx, code.id, keywords);
        await record('add', code, countOf(keywords) > 0 ? { words: { added: keywords } } : {});
        await alongside?.(tx, code, keywords);
        return code;
      }),

    /** Without keywords, those it has stay. */
    rename: (actor: Actor, programmeId: string, key: string, wanted: CodeTexts): Promise<void> =>
      edit(actor, programmeId, async (change) => {
        const { tx, book, record } = change;
        const { name, description, keywords } = wanted;
        const code = codeAt(book, key);
        demandFreeName(book, code, code.parentId, name);
        const isReworded = keywords !== undefined && (await reword(change, code, keywords));
        if (isReworded && isSame(code.name, name) && isSame(code.description, description)) return;
        await rows.updateCode(tx, code.id, { name, description });
        await record('rename', code, { to: name, description: code.description, toDescription: description });
      }),

    /** Adds these words to those of a code; which of them are new is told to what is done alongside. */
    addKeywords: (
      actor: Actor,
      programmeId: string,
      key: string,
      more: Keywords,
      alongside: Alongside,
    ): Promise<void> =>
      edit(actor, programmeId, async (change) => {
        const code = offeredAt(change.book, key);
        const known = await keywordsOfCode(change.tx, code.id);
        await reword(change, code, together(known, more));
        await alongside(change.tx, code, missingFrom(known, more));
      }),

    removeKeywords: (
      actor: Actor,
      programmeId: string,
      key: string,
      gone: Keywords,
      alongside: Alongside,
    ): Promise<void> =>
      edit(actor, programmeId, async (change) => {
        const code = codeAt(change.book, key);
        await reword(change, code, without(await keywordsOfCode(change.tx, code.id), gone));
        await alongside(change.tx, code, gone);
      }),

    /** Puts a code under another parent (null: the first level), or before a sibling (null: last). */
    move: (actor: Actor, programmeId: string, key: string, to: Place): Promise<void> =>
      edit(actor, programmeId, async ({ tx, book, record }) => {
        const code = codeAt(book, key);
        const parent = to.parentKey ? codeAt(book, to.parentKey) : null;
        const mayStay = (parent?.id ?? null) === code.parentId;
        if (parent && !mayStay && !parentsFor(book, code).includes(parent)) throw badParent();
        demandFreeName(book, code, parent?.id ?? null, code.name);
        for (const [id, position] of placed(book, code, parent, to.beforeKey ?? null)) {
          await rows.updateCode(tx, id, id === code.id ? { position, parentId: parent?.id ?? null } : { position });
        }
        await record('move', code, { parent: parent?.name ?? null });
      }),

    /** What was coded with this code counts as the other from now on; resolves when all of it has been carried over. */
    async merge(actor: Actor, programmeId: string, key: string, intoKey: string): Promise<void> {
      const merged = await edit(actor, programmeId, async ({ tx, at, book, record }) => {
        const code = offeredAt(book, key);
        const target = book.byKey.get(intoKey);
        if (!target || !mergeTargets(book, code).includes(target)) {
          throw new Invalid({ into: { key: 'codebook.error.target' } });
        }
        for (const child of book.codes.filter((each) => each.parentId === code.id)) {
          if (isOffered(child)) demandFreeName(book, child, target.id, child.name, 'into');
          await rows.updateCode(tx, child.id, { parentId: target.id });
        }
        await rows.updateCode(tx, code.id, { mergedIntoId: target.id, retiredAt: at });
        const words = [await keywordsOfCode(tx, target.id), await keywordsOfCode(tx, code.id)] as const;
        await setKeywords(tx, target.id, together(...words));
        await record('merge', code, { into: target.name });
        return code;
      });
      await moves.carry(programmeId, merged.id);
    },

    /** New codes in place of one; the answers that carry it go back to the desk. Resolves when they are all there. */
    async split(actor: Actor, programmeId: string, key: string, names: Texts[]): Promise<void> {
      const old = await edit(actor, programmeId, async (change) => {
        const { tx, at, book, record } = change;
        const code = offeredAt(book, key);
        demandNoChildren(book, code);
        const different = new Set(names.map((name) => textIn(name, 'en').toLowerCase()));
        if (different.size < Math.max(names.length, 2))
          throw new Invalid({ names: { key: 'codebook.error.splitInTwo' } });
        const taken = new Set(book.byKey.keys());
        for (const [i, name] of names.entries()) {
          demandFreeName(book, code, code.parentId, name, 'names');
          const newKey = keyFor(textIn(name, 'en'), taken);
          taken.add(newKey);
          const { parentId, kind, position } = code;
          await insertCode(change, { key: newKey, parentId, kind, name, description: {}, position: position + i });
        }
        await rows.updateCode(tx, code.id, { retiredAt: at, splitAt: at });
        await record('split', code, { into: names });
        return code;
      });
      await moves.reopen(programmeId, old.id);
    },

    retire: (actor: Actor, programmeId: string, key: string, alongside?: Alongside): Promise<void> =>
      edit(actor, programmeId, async ({ tx, at, book, record }) => {
        const code = offeredAt(book, key);
        demandNoChildren(book, code);
        await rows.updateCode(tx, code.id, { retiredAt: at });
        await record('retire', code);
        await alongside?.(tx, code, {});
      }),

    restore: (actor: Actor, programmeId: string, key: string): Promise<void> =>
      edit(actor, programmeId, async ({ tx, book, record }) => {
        const code = codeAt(book, key);
        if (code.retiredAt === null || code.mergedIntoId) throw new Conflict('codebook.error.notRetired');
        const parent = code.parentId === null ? undefined : book.byId.get(code.parentId);
        const parentId = parent && isOffered(parent) ? parent.id : null;
        demandFreeName(book, code, parentId, code.name);
        await rows.updateCode(tx, code.id, { retiredAt: null, splitAt: null, parentId });
        await record('restore', code);
      }),

    /**
     * Makes these the codes that a programme offers: those it has by the same key are renamed and restored, the others are
     * added, and all it had besides is retired. Nothing coded is lost. Makes the codebook where there is none. Throws
     * Invalid at `codes.N.FIELD`.
     */
    async setCodes(actor: Actor, programmeId: string, inputs: CodeInput[]): Promise<void> {
      await install(programmeId, []);
      await edit(actor, programmeId, async (change) => {
        const { tx, at, book, record } = change;
        const ids = new Map<string, string>();
        for (const [i, input] of inputs.entries()) ids.set(input.key, await setCode(change, input, i, ids));
        for (const code of offered(book).filter((each) => !ids.has(each.key))) {
          await rows.updateCode(tx, code.id, { retiredAt: at });
          await record('retire', code);
        }
      });
    },
  };
}

export interface CodeTexts {
  name: Texts;
  description: Texts;
  /** The words that point to it. */
  keywords?: Keywords;
}

export interface NewCode extends CodeTexts {
  /** The code of the first level that it stands under. */
  parentKey: string | null;
}

export interface Place {
  parentKey: string | null;
  beforeKey?: string | null;
}

const isSame = (one: Texts, other: Texts): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((language) => one[language] === other[language]);
