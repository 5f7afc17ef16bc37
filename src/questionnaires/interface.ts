import type { Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import type { Clock } from '../shared/clock.ts';
import type { Db, Storage, Tx } from '../storage/index.ts';
import type { Change } from './changes.ts';
import type { Definition } from './definition.ts';
import type { Problem } from './problems.ts';

/** What questionnaires need of the accounts feature and, later, of the codebooks. */
export interface QuestionnairesDeps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
  /** The folder with the starters, PROGRAMME.json each. */
  starters: string;
  /** The languages in which the business says du or je to its customers; none where that is left out. */
  familiar?: () => Promise<string[]>;
}

/** What customers are asked about: leaving, satisfaction, or something of the business's own. Has one codebook. */
export interface Programme {
  id: string;
  key: string;
  name: string;
}

/** A published version. It never changes. */
export interface Version {
  id: string;
  questionnaireId: string;
  programmeId: string;
  programmeKey: string;
  number: number;
  definition: Definition;
  publishedAt: string;
  /** The colleague's id; null for the starters. */
  publishedBy: string | null;
}

export interface Questionnaire {
  id: string;
  name: string;
  programme: Programme;
  /** What staff are working on; it may be incomplete. Texts of languages that are not listed may be among it. */
  draft: Definition;
  /** Rises with every change of the draft: who saves says which they saw. */
  draftRevision: number;
  updatedAt: string;
  /** Since when no new wave takes it; null while they may. Whatever was asked with it goes on. */
  archivedAt: string | null;
  /** The version that new waves take, or null before the first. */
  latest: Version | null;
}

export interface Approval {
  at: string;
  /** The colleague's id; null when no person did it. */
  by: string | null;
}

/** How far the wording in one language has been reviewed, in the draft and in the latest version. */
export interface LanguageState {
  language: string;
  inDraft: boolean;
  /** What an approval of the draft's wording names; null when texts are missing. */
  draftHash: string | null;
  draftApproval: Approval | null;
  versionHash: string | null;
  versionApproval: Approval | null;
}

interface ListedApproval {
  questionnaireId: string;
  name: string;
  language: string;
  approved: boolean;
  /** Where to read what would be approved. */
  href: string;
}

/** How many questionnaires have new words: published with them, or only in a draft that has other changes, too. */
export interface Readdressed {
  published: number;
  drafted: number;
}

export type Edited = { saved: true; revision: number } | { saved: false; current: Questionnaire };

export interface NewQuestionnaire {
  programmeId: string;
  name: string;
  /** 'starter' where the programme has one, a touchpoint ('before' …), 'empty', or the id of a questionnaire to copy. */
  from: string;
  languages: string[];
}

export interface Questionnaires {
  /** Puts the two starters in place as programmes with a published version 1, unapproved; harmless when they are there. */
  installStarters(): Promise<void>;
  programmes(): Promise<Programme[]>;
  /** Its key comes from its name. */
  createProgramme(actor: Actor, name: string): Promise<Programme>;
  /** All that are not archived, by programme and age. */
  list(): Promise<Questionnaire[]>;
  /** Those that are archived, the latest first. */
  archived(): Promise<Questionnaire[]>;
  /** Archived ones too. Throws NotFound. */
  get(id: string): Promise<Questionnaire>;
  create(actor: Actor, input: NewQuestionnaire): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  /** New waves no longer take it; running ones and reports go on. Throws Conflict where it is archived already. */
  archive(actor: Actor, id: string): Promise<void>;
  /** Throws Conflict unless it is archived. */
  restore(actor: Actor, id: string): Promise<void>;
  /** Its key stays. Throws Conflict when it is no longer called `was`. */
  renameProgramme(actor: Actor, id: string, was: string, name: string): Promise<void>;
  /**
   * Puts a changed draft in place, if nobody has changed it since that revision. Nothing is checked but that: a draft
   * may be incomplete. Published versions stay as they are.
   */
  edit(id: string, revision: number, change: (draft: Definition) => Definition): Promise<Edited>;
  /**
   * Publishes the draft as the next version. The earlier ones stay, and so do the waves and responses that use them.
   * Throws Invalid with what is missing by place, Conflict when the draft has moved on or nothing has changed.
   */
  publish(actor: Actor, id: string, revision: number): Promise<Version>;
  /**
   * Lets every questionnaire say du or je in these languages, Sie or u in the others: the words that came with the product
   * follow, and are published where nothing else was waiting to be. Somebody has to approve the language anew. Harmless
   * where all do so already.
   */
  readdress(actor: Actor, familiar: string[]): Promise<Readdressed>;
  /** What stands between the draft and its publication. */
  problems(draft: Definition): Problem[];
  /** What the draft has that the latest version has not, and the other way round. */
  changes(questionnaire: Questionnaire): Change[];
  /** A published version; kept for ever once read, since it never changes. */
  version(id: string): Promise<Version | undefined>;
  /** Newest first. */
  versions(questionnaireId: string): Promise<Version[]>;
  /** The languages of a version whose wording, as it is there, somebody of the business has approved; in its order. */
  offeredLanguages(versionId: string): Promise<string[]>;
  /**
   * What the reminders of a version say. One from before reminders had words of their own borrows the newest ones of its
   * questionnaire, once somebody has approved them in that language; undefined until then. Inside a transaction pass it
   * on as `db`.
   */
  reminderWords(versionId: string, language: string, db?: Db): Promise<Definition['reminders']>;
  languageStates(questionnaire: Questionnaire): Promise<LanguageState[]>;
  /**
   * Approves the wording with that hash: the draft's, the latest version's, or both where they are the same. Without a
   * hash the latest version's. Throws Conflict when neither reads so any more, or texts are missing.
   */
  approve(actor: Actor, id: string, language: string, hash?: string): Promise<'draft' | 'version' | 'both'>;
  /** Approves what is published in every language of every questionnaire: the one click of the first run. */
  approveAll(actor: Actor): Promise<void>;
  /** Each language of each latest version, for the set-up page. */
  approvals(): Promise<ListedApproval[]>;
}
