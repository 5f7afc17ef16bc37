import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import type { Definition } from './definition.ts';
import type { LanguageState, Questionnaire, Questionnaires, QuestionnairesDeps } from './interface.ts';
import { listedOnly } from './problems.ts';
import * as rows from './store.ts';
import { languagesComplete, textsHash } from './texts.ts';
import type { Versions } from './version-service.ts';

type Approvals = Pick<
  Questionnaires,
  'offeredLanguages' | 'reminderWords' | 'languageStates' | 'approve' | 'approveAll' | 'approvals'
>;

/** Who has read the wording of a language. An approval names the wording by its hash, so that an edit is not approved. */
export function createApprovals(
  deps: QuestionnairesDeps,
  versions: Versions,
  { get, list }: Pick<Questionnaires, 'get' | 'list'>,
): Approvals {
  const { storage, clock } = deps;

  async function languageState(questionnaire: Questionnaire, language: string): Promise<LanguageState> {
    const { id, draft, latest } = questionnaire;
    const draftHash = hashOf(draft, language);
    const inVersion = latest !== null && latest.definition.languages.includes(language);
    const versionHash = inVersion ? versions.hash(latest, language) : null;
    const approval = async (hash: string | null) => (hash && (await versions.approval(id, language, hash))) || null;
    return {
      language,
      inDraft: draft.languages.includes(language),
      draftHash,
      draftApproval: await approval(draftHash),
      versionHash,
      versionApproval: await approval(versionHash),
    };
  }

  const languageStates = (questionnaire: Questionnaire) =>
    Promise.all(languagesOf(questionnaire).map((language) => languageState(questionnaire, language)));

  async function insert(tx: Tx, actor: Actor, id: string, language: string, hash: string): Promise<void> {
    const row = {
      questionnaire_id: id,
      language,
      texts_hash: hash,
      approved_at: timestamp(clock),
      approved_by: accountOf(actor),
    };
    if (!(await rows.insertApproval(tx, row))) return;
    await deps.audit(tx, actor, 'questionnaires.approve', { kind: 'questionnaire', id }, { language, hash });
  }

  async function approve(actor: Actor, id: string, language: string, hash?: string) {
    const { draftHash, versionHash } = await languageState(await get(id), language);
    const wanted = hash ?? versionHash ?? draftHash;
    if (wanted === null) throw new Conflict('questionnaires.approve.incomplete');
    if (wanted !== draftHash && wanted !== versionHash) throw new Conflict('questionnaires.approve.moved');
    await storage.transaction((tx) => insert(tx, actor, id, language, wanted));
    versions.forgetApprovals();
    if (draftHash === versionHash) return 'both';
    return wanted === draftHash ? 'draft' : 'version';
  }

  async function published() {
    const all = await list();
    const states = await Promise.all(all.map(languageStates));
    return all.flatMap((questionnaire, i) =>
      (states[i] ?? []).flatMap((state) =>
        state.versionHash ? [{ questionnaire, ...state, hash: state.versionHash }] : [],
      ),
    );
  }

  return {
    languageStates,
    approve,
    async offeredLanguages(versionId) {
      const version = await versions.find(versionId);
      return version ? await versions.offered(version) : [];
    },
    async reminderWords(versionId, language, db) {
      const version = await versions.find(versionId, db);
      if (!version || version.definition.reminders) return version?.definition.reminders;
      const later = (await versions.of(version.questionnaireId, db)).find(({ definition }) => definition.reminders);
      const isApproved = later && (await versions.offered(later, db)).includes(language);
      return isApproved ? later.definition.reminders : undefined;
    },
    async approveAll(actor) {
      const open = (await published()).filter(({ versionApproval }) => versionApproval === null);
      if (open.length === 0) return;
      await storage.transaction(async (tx) => {
        for (const { questionnaire, language, hash } of open) await insert(tx, actor, questionnaire.id, language, hash);
      });
      versions.forgetApprovals();
    },
    async approvals() {
      return (await published()).map(({ questionnaire, language, versionApproval }) => ({
        questionnaireId: questionnaire.id,
        name: questionnaire.name,
        language,
        approved: versionApproval !== null,
        href: `/questionnaires/${questionnaire.id}/versions/${questionnaire.latest?.number}?lang=${language}`,
      }));
    },
  };
}

const languagesOf = ({ draft, latest }: Questionnaire): string[] => [
  ...new Set([...draft.languages, ...(latest?.definition.languages ?? [])]),
];

function hashOf(draft: Definition, language: string): string | null {
  const definition = listedOnly(draft);
  return languagesComplete(definition).includes(language) ? textsHash(definition, language) : null;
}
