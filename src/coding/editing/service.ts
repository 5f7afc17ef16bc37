import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { CodebookDefinition } from '../codebook-definition.ts';
import type { Code, Texts } from '../codebook.ts';
import * as rows from '../codebook-store.ts';
import { codesFrom, emptyBook } from '../starters.ts';
import type { Keywords } from '../themes/keyword-rules.ts';
import { addCode, type NewCode } from './adding.ts';
import { createEdit, type Alongside, type EditDeps } from './edit.ts';
import { mergeCode, splitCode } from './merging.ts';
import type { Moves } from './moves.ts';
import { moveCode, type Place } from './placing.ts';
import { setCodes, type CodeInput } from './program-codes.ts';
import { restoreCode, retireCode } from './retiring.ts';
import { addKeywords, removeKeywords, renameCode, type CodeTexts } from './wording.ts';

interface EditingDeps extends EditDeps {
  moves: Moves;
  /** The codebooks that come with the product, by the key of their programme. */
  starters(): ReadonlyMap<string, CodebookDefinition>;
}

export type Editing = ReturnType<typeof createEditing>;

/**
 * Changes of codebooks. Each takes the next revision and is written down; a code's key never changes. Whatever is done
 * `alongside` shares the transaction.
 */
export function createEditing({ moves, starters, ...deps }: EditingDeps) {
  const edit = createEdit(deps);
  return {
    /** Gives every programme that comes with a codebook its own, once. */
    installCodebooks: () => installStarters(deps, starters),
    /** A codebook without reasons, for a programme of the business's own. False where it has one. */
    createEmpty: (programmeId: string): Promise<boolean> => install(deps, programmeId, emptyBook(starters())),
    add: (actor: Actor, programmeId: string, wanted: NewCode, alongside?: Alongside): Promise<Code> =>
      edit(actor, programmeId, (change) => addCode(change, wanted, alongside)),
    rename: (actor: Actor, programmeId: string, key: string, wanted: CodeTexts): Promise<void> =>
      edit(actor, programmeId, (change) => renameCode(change, key, wanted)),
    addKeywords: (actor: Actor, programmeId: string, key: string, more: Keywords, alongside: Alongside) =>
      edit(actor, programmeId, (change) => addKeywords(change, key, more, alongside)),
    removeKeywords: (actor: Actor, programmeId: string, key: string, gone: Keywords, alongside: Alongside) =>
      edit(actor, programmeId, (change) => removeKeywords(change, key, gone, alongside)),
    move: (actor: Actor, programmeId: string, key: string, to: Place): Promise<void> =>
      edit(actor, programmeId, (change) => moveCode(change, key, to)),
    /** What was coded with this code counts as the other from now on; resolves when all of it has been carried over. */
    async merge(actor: Actor, programmeId: string, key: string, intoKey: string): Promise<void> {
      const merged = await edit(actor, programmeId, (change) => mergeCode(change, key, intoKey));
      await moves.carry(programmeId, merged.id);
    },
    /** New codes in place of one; the answers that carry it go back to the desk. Resolves when they are all there. */
    async split(actor: Actor, programmeId: string, key: string, names: Texts[]): Promise<void> {
      const old = await edit(actor, programmeId, (change) => splitCode(change, key, names));
      await moves.reopen(programmeId, old.id);
    },
    retire: (actor: Actor, programmeId: string, key: string, alongside?: Alongside): Promise<void> =>
      edit(actor, programmeId, (change) => retireCode(change, key, alongside)),
    restore: (actor: Actor, programmeId: string, key: string): Promise<void> =>
      edit(actor, programmeId, (change) => restoreCode(change, key)),
    /** What a program says a programme offers; makes the codebook where there is none. Throws Invalid at `codes.N.FIELD`. */
    async setCodes(actor: Actor, programmeId: string, inputs: CodeInput[]): Promise<void> {
      await install(deps, programmeId, []);
      await edit(actor, programmeId, (change) => setCodes(change, inputs));
    },
  };
}

async function installStarters(deps: EditDeps, starters: EditingDeps['starters']): Promise<void> {
  for (const { id, key, codebookId } of await rows.programmes(deps.storage.read)) {
    const starter = codebookId === null ? starters().get(key) : undefined;
    if (starter) await install(deps, id, starter.codes);
  }
}

/** False where the programme has a codebook already. */
async function install({ storage, clock }: EditDeps, programmeId: string, definitions: CodebookDefinition['codes']) {
  return await storage.transaction(async (tx) => {
    const id = newId(clock);
    const at = timestamp(clock);
    if (!(await rows.insertCodebook(tx, { id, programmeId, at }))) return false;
    await rows.insertCodes(tx, id, codesFrom(definitions, clock), at);
    return true;
  });
}
