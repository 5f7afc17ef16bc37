import { isDeepStrictEqual } from 'node:util';
import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Tx } from '../storage/index.ts';
import { createAddressing, readdressed } from './addressing.ts';
import { createApprovals } from './approval-service.ts';
import { changesBetween } from './changes.ts';
import { definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';
import type { NewQuestionnaire, Questionnaire, Questionnaires, QuestionnairesDeps, Version } from './interface.ts';
import { emptyDraft, keyFromName } from './new-drafts.ts';
import { listedOnly, problemsOf } from './problems.ts';
import { hasTouchpoints, isTouchpoint, STARTERS, starterFor, touchpointFor, usualReminders } from './starters.ts';
import * as rows from './store.ts';
import { createVersions, type Versions } from './version-service.ts';

/** The questionnaires of a business: drafts that staff work on, versions that customers answer, approved languages. */
export function createQuestionnaires(deps: QuestionnairesDeps): Questionnaires {
  const { storage } = deps;
  const versions = createVersions(storage, deps.clock);
  const reading = createReading(deps, versions);
  const { get } = reading;

  const changing: Pick<Questionnaires, 'edit' | 'publish' | 'changes' | 'problems'> = {
    problems: problemsOf,
    publish: (actor, id, revision) => publish(deps, get, actor, id, revision),
    changes: ({ draft, latest }) => (latest ? changesBetween(latest.definition, listedOnly(draft)) : []),
    async edit(id, revision, change) {
      const current = await get(id);
      if (current.draftRevision !== revision) return { saved: false, current };
      const draft = JSON.stringify(change(current.draft));
      const at = timestamp(deps.clock);
      const saved = await storage.transaction((tx) => rows.replaceDraft(tx, { id, revision, draft, at }));
      return saved ? { saved, revision: revision + 1 } : { saved, current: await get(id) };
    },
  };

  return {
    ...reading,
    ...changing,
    ...createAddressing(deps, { ...reading, ...changing }),
    ...createMaking(deps, get),
    ...createArchiving(deps, get),
    ...createApprovals(deps, versions, reading),
    installStarters: () => installStarters(deps),
    async rename(id, name) {
      const renamed = await storage.transaction((tx) => rows.renameQuestionnaire(tx, id, name));
      if (!renamed) throw new NotFound();
    },
    version: versions.find,
    versions: versions.of,
  };
}

type Get = Questionnaires['get'];

function createReading({ storage, starters }: QuestionnairesDeps, versions: Versions) {
  const remindersFor = usualReminders(starters);
  const questionnaireOf = (row: rows.QuestionnaireRow, latest: Version | undefined): Questionnaire => {
    const draft = JSON.parse(row.draft) as Definition;
    // One from before reminders had words of their own begins with the usual ones, unapproved as any other edit.
    return asQuestionnaire(row, { reminders: remindersFor(row.programme_key), ...draft }, latest);
  };
  return {
    async programmes() {
      const found = await rows.listProgrammes(storage.read);
      return found.map(({ id, key, name }) => ({ id, key, name }));
    },
    async list() {
      const [found, latest] = await Promise.all([rows.listQuestionnaires(storage.read), versions.latest()]);
      return found.map((row) => questionnaireOf(row, latest.get(row.id)));
    },
    async archived() {
      const [found, latest] = await Promise.all([rows.listArchived(storage.read), versions.latest()]);
      return found.map((row) => questionnaireOf(row, latest.get(row.id)));
    },
    async get(id: string) {
      const row = await rows.findQuestionnaire(storage.read, id);
      if (!row) throw new NotFound();
      const [latest] = await versions.of(id);
      return questionnaireOf(row, latest);
    },
  };
}

function createMaking(deps: QuestionnairesDeps, get: Get): Pick<Questionnaires, 'createProgramme' | 'create'> {
  const { storage, clock, audit } = deps;

  /** Starters are polite; the business may not be. */
  async function addressed(draft: Definition): Promise<Definition> {
    return readdressed(deps.starters, draft, (await deps.familiar?.()) ?? []).draft;
  }

  const touchpoint = (from: string, programme: string) =>
    isTouchpoint(from) && hasTouchpoints(programme) ? touchpointFor(deps.starters, from) : undefined;

  async function firstDraft({ programmeId, name, from, languages }: NewQuestionnaire): Promise<Definition> {
    const programme = (await rows.listProgrammes(storage.read)).find(({ id }) => id === programmeId);
    if (!programme) throw new NotFound();
    const key = keyFromName(name, new Set());
    const starter = starterFor(deps.starters, programme.key);
    if (from === 'empty') return await addressed(emptyDraft(key, programme.key, languages, starter));
    const ready = from === 'starter' ? starter : touchpoint(from, programme.key);
    const source =
      from === 'starter' || isTouchpoint(from) ? ready && (await addressed(ready)) : (await get(from)).draft;
    if (!source) throw new NotFound();
    const chosen = languages.length > 0 ? { languages } : {};
    return { ...structuredClone(source), ...chosen, key, programme: programme.key };
  }

  return {
    async createProgramme(actor, name) {
      const used = new Set((await rows.listProgrammes(storage.read)).map(({ key }) => key));
      const programme = { id: newId(clock), key: keyFromName(name, used), name };
      await storage.transaction(async (tx) => {
        const isNew = await rows.insertProgramme(tx, { ...programme, created_at: timestamp(clock) });
        if (!isNew) throw new Conflict('error.changed');
        await audit(tx, actor, 'questionnaires.programme', { kind: 'programme', id: programme.id });
      });
      return programme;
    },
    async create(actor, input) {
      const row = newRow(deps, input.programmeId, input.name, await firstDraft(input));
      await storage.transaction(async (tx) => {
        await rows.insertQuestionnaire(tx, row);
        await audit(tx, actor, 'questionnaires.create', { kind: 'questionnaire', id: row.id });
      });
      return row.id;
    },
  };
}

function createArchiving(
  { storage, clock, audit }: QuestionnairesDeps,
  get: Get,
): Pick<Questionnaires, 'archive' | 'restore' | 'renameProgramme'> {
  async function set(actor: Actor, id: string, action: 'archive' | 'restore'): Promise<void> {
    await get(id);
    await storage.transaction(async (tx) => {
      const at = action === 'archive' ? timestamp(clock) : null;
      if (!(await rows.setArchived(tx, id, at))) throw new Conflict('error.changed');
      await audit(tx, actor, `questionnaires.${action}`, { kind: 'questionnaire', id });
    });
  }
  return {
    archive: (actor, id) => set(actor, id, 'archive'),
    restore: (actor, id) => set(actor, id, 'restore'),
    async renameProgramme(actor, id, was, name) {
      if (was === name) return;
      await storage.transaction(async (tx) => {
        if (!(await rows.renameProgramme(tx, { id, was, name }))) throw new Conflict('error.changed');
        await audit(tx, actor, 'questionnaires.programmeRenamed', { kind: 'programme', id });
      });
    },
  };
}

async function publish(deps: QuestionnairesDeps, get: Get, actor: Actor, id: string, revision: number) {
  const { draft, draftRevision, programme, archivedAt } = await get(id);
  if (archivedAt !== null) throw new Conflict('questionnaires.archived.conflict');
  if (draftRevision !== revision) throw new Conflict('questionnaires.conflict');
  const problems = problemsOf(draft);
  if (problems.length > 0) throw invalid(problems);
  const definition = definitionSchema.parse(listedOnly(draft));
  return await deps.storage.transaction(async (tx): Promise<Version> => {
    if (!(await rows.holdQuestionnaire(tx, id, revision))) throw new Conflict('questionnaires.conflict');
    const number = await nextNumber(tx, id, definition);
    const row = versionRow(deps, id, number, definition, accountOf(actor));
    if (!(await rows.insertVersion(tx, row))) throw new Conflict('questionnaires.conflict');
    await deps.audit(tx, actor, 'questionnaires.publish', { kind: 'questionnaire', id }, { version: row.id, number });
    const { id: programmeId, key: programmeKey } = programme;
    const { published_at: publishedAt, published_by: publishedBy } = row;
    return { id: row.id, questionnaireId: id, programmeId, programmeKey, number, definition, publishedAt, publishedBy };
  });
}

const invalid = (problems: ReturnType<typeof problemsOf>): Invalid =>
  new Invalid(Object.fromEntries(problems.map(({ path, key, values }) => [path, { key, values }])));

/** One more than the latest, unless that says the same already. */
async function nextNumber(tx: Tx, id: string, definition: Definition): Promise<number> {
  const [latest] = await rows.versionIds(tx, id);
  if (!latest) return 1;
  const row = await rows.findVersion(tx, latest.id);
  const isSame = isDeepStrictEqual(JSON.parse(row?.definition ?? ''), JSON.parse(JSON.stringify(definition)));
  if (isSame) throw new Conflict('questionnaires.publish.nothing');
  return latest.number + 1;
}

/** Whoever writes the programme's row also brings its questionnaire: two servers that start at once do it once. */
async function installStarters(deps: QuestionnairesDeps): Promise<void> {
  const { storage, clock, starters } = deps;
  const present = new Set((await rows.listProgrammes(storage.read)).map(({ key }) => key));
  for (const { programme, programmeName, name } of STARTERS) {
    if (present.has(programme)) continue;
    const definition = starterFor(starters, programme);
    if (!definition) continue;
    const id = newId(clock);
    const row = newRow(deps, id, name, definition);
    await storage.transaction(async (tx) => {
      const first = { id, key: programme, name: programmeName, created_at: timestamp(clock) };
      if (!(await rows.insertProgramme(tx, first))) return;
      await rows.insertQuestionnaire(tx, row);
      await rows.insertVersion(tx, versionRow(deps, row.id, 1, definition, null));
    });
  }
}

function newRow({ clock }: QuestionnairesDeps, programmeId: string, name: string, draft: Definition) {
  const at = timestamp(clock);
  return {
    id: newId(clock),
    programme_id: programmeId,
    name,
    draft: JSON.stringify(draft),
    draft_revision: 1,
    created_at: at,
    updated_at: at,
    archived_at: null,
  };
}

function versionRow(
  { clock }: QuestionnairesDeps,
  questionnaireId: string,
  number: number,
  definition: Definition,
  by: string | null,
) {
  return {
    id: newId(clock),
    questionnaire_id: questionnaireId,
    number,
    definition: JSON.stringify(definition),
    published_at: timestamp(clock),
    published_by: by,
  };
}

function asQuestionnaire(row: rows.QuestionnaireRow, draft: Definition, latest: Version | undefined): Questionnaire {
  return {
    id: row.id,
    name: row.name,
    programme: { id: row.programme_id, key: row.programme_key, name: row.programme_name },
    draft,
    draftRevision: row.draft_revision,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
    latest: latest ?? null,
  };
}
