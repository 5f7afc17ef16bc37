import { timestamp, type Clock } from '../shared/clock.ts';
import type { FieldErrors } from '../shared/errors.ts';
import type { Signer } from '../shared/tokens.ts';
import { languageCodes, negotiate, type Texts } from '../i18n/index.ts';
import { firstUnanswered, pageKey, parseAnswer } from '../questionnaires/index.ts';
import type { AnswerValue, Definition, Kept, PageRef } from '../questionnaires/index.ts';
import { valuesOf, type ContactWish, type Responses } from '../responses/index.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { CHECK, languageFor, pageAfter, pageNamed, sampleAnswers } from './rules.ts';
import { isComplete, type Business, type Closed, type ClosedBecause, type Sender, type Visit } from './visit.ts';

/** What a personal link opens. */
export interface OpenInvitation {
  id: string;
  waveId: string;
  customerId: string;
  programmeId: string;
  versionId: string;
  language: string;
  progress: 'none' | 'started' | 'completed' | 'opted_out' | 'expired';
  revokedAt: string | null;
  expiresAt: string;
  senderName: string;
  senderAccountId: string | null;
  replyTo: string;
}

export interface AnsweringDeps {
  storage: Storage;
  clock: Clock;
  signer: Signer;
  texts: Texts;
  responses: Pick<Responses, 'find' | 'saveAnswer' | 'submit' | 'saveContactWish'>;
  invitations: {
    open(token: string): Promise<OpenInvitation | undefined>;
    optOut(tx: Tx, id: string, how: string): Promise<unknown>;
  };
  questionnaires: {
    version(id: string): Promise<{ definition: Definition } | undefined>;
    offeredLanguages(versionId: string): Promise<string[]>;
  };
  accounts: {
    company(): Promise<Business>;
    colleagues(): Promise<{ id: string; name: string; title: string; email: string; active: boolean }[]>;
  };
  unsubscribe(tx: Tx, customerId: string, how: string): Promise<unknown>;
}

export interface Answering {
  /** Follows a personal link, or a preview's, without changing anything. */
  open(token: string, language: string | undefined, accepted: string | undefined): Promise<Visit | Closed>;
  /** Keeps what was posted from a page, or says what is wrong with it. `null` where there is no such page. */
  answer(visit: Visit, key: string, body: unknown): Promise<Answered | null>;
  /** Sends the answers, unless a question that has to be answered is still open: then its page. */
  send(visit: Visit): Promise<{ missing: string | null }>;
  saveContactWish(visit: Visit, wish: ContactWish): Promise<void>;
  /** The invitation behind an opt-out link; it works as long as the link is ours, whatever became of the questions. */
  findOptOut(token: string, accepted: string | undefined): Promise<OptOut>;
  optOut(invitation: OpenInvitation): Promise<void>;
}

export interface OptOut extends Omit<Closed, 'because'> {
  invitation: OpenInvitation | undefined;
}

export type Answered = { ok: true; next: string } | { ok: false; page: PageRef; errors: FieldErrors; kept: Kept };

export function createAnswering(deps: AnsweringDeps): Answering {
  const { storage, clock, signer, texts, responses, invitations, questionnaires, accounts } = deps;

  async function closed(because: ClosedBecause, language: string | undefined, accepted?: string): Promise<Closed> {
    const business = await accounts.company();
    return { because, business, t: texts.in(language ?? negotiate(accepted, languageCodes, business.defaultLanguage)) };
  }

  async function senderOf({ senderName, senderAccountId, replyTo }: OpenInvitation): Promise<Sender> {
    const colleague = (await accounts.colleagues()).find(({ id }) => id === senderAccountId);
    return { name: senderName, title: colleague?.title ?? '', email: replyTo || colleague?.email || '' };
  }

  /** What the pages of a link have in common, whoever follows it. */
  async function about(versionId: string, asked: string | undefined, known: (string | undefined)[]) {
    const version = await questionnaires.version(versionId);
    if (!version) return undefined;
    const { definition } = version;
    const offered = await questionnaires.offeredLanguages(versionId);
    const before = languageFor(undefined, known, offered, definition.languages);
    const language = languageFor(asked, known, offered, definition.languages);
    const business = await accounts.company();
    const readers = (await accounts.colleagues()).filter(({ active }) => active).length;
    const chosen = language === before ? undefined : language;
    return { definition, offered, language, t: texts.in(language), chosen, business, readers };
  }

  async function visit(token: string, invitation: OpenInvitation, lang: string | undefined): Promise<Visit | Closed> {
    const found = await responses.find(storage.read, invitation.id);
    const complete = found?.response.state === 'complete';
    const because = closedBecause(invitation, complete, timestamp(clock));
    if (because && !(because === 'expired' && complete)) return await closed(because, invitation.language);
    const common = await about(invitation.versionId, lang, [found?.response.language, invitation.language]);
    if (!common) return await closed('unknown', invitation.language);
    const { definition, language } = common;
    return {
      ...common,
      token,
      found,
      preview: false,
      seed: invitation.id,
      asked: { invitation, definition, mode: 'email', language },
      answers: found ? valuesOf(found.answers) : NO_ANSWERS,
      sender: await senderOf(invitation),
      open: because === null,
    };
  }

  async function preview(token: string, versionId: string, lang: string | undefined): Promise<Visit | undefined> {
    const common = await about(versionId, lang, []);
    if (!common) return undefined;
    const { definition, language, business } = common;
    const invitation = { id: '', customerId: '', waveId: '', programmeId: '', versionId };
    const sender = { name: business.name, title: '', email: business.email };
    const asked = { invitation, definition, mode: 'email' as const, language };
    const answers = sampleAnswers(definition);
    return { ...common, token, preview: true, seed: versionId, asked, found: undefined, answers, sender, open: true };
  }

  return {
    async open(token, language, accepted) {
      const invitation = await invitations.open(token);
      if (invitation) return await visit(token, invitation, language);
      const versionId = signer.verify('preview', token);
      return (
        (versionId && (await preview(token, versionId, language))) || (await closed('unknown', undefined, accepted))
      );
    },
    async answer(visit, key, body) {
      const { definition, asked, found } = visit;
      const page = pageNamed(definition, key);
      if (!page) return null;
      const fields = (body ?? {}) as Record<string, unknown>;
      const parsed = parseAnswer(page, fields, visit.answers);
      if (!parsed.ok) return { ok: false, page, errors: parsed.errors, kept: parsed.kept };
      const { value } = parsed;
      const keepsAnswer = fields.was !== '1';
      if (!visit.preview) await responses.saveAnswer(asked, { key, value, keepsAnswer }, found !== undefined);
      const answers = visit.preview ? visit.answers : withAnswer(visit, key, value, keepsAnswer);
      return { ok: true, next: pageAfter(definition, answers, key, isComplete(visit) || fields.changing === '1') };
    },
    async send(visit) {
      const open = firstUnanswered(visit.definition, visit.answers);
      if (open?.part === 'main' && open.question.required && !visit.preview) return { missing: pageKey(open) };
      if (!visit.preview && !visit.found) return { missing: open ? pageKey(open) : CHECK };
      if (!visit.preview) await responses.submit(visit.asked);
      return { missing: null };
    },
    async saveContactWish({ preview, asked }, wish) {
      if (!preview) await responses.saveContactWish(asked.invitation.id, wish);
    },
    async findOptOut(token, accepted) {
      const invitation = await invitations.open(token);
      const { business, t } = await closed('unknown', invitation?.language, accepted);
      return { invitation, business, t };
    },
    optOut: ({ id, customerId }) =>
      storage.transaction(async (tx) => {
        await invitations.optOut(tx, id, 'link');
        await deps.unsubscribe(tx, customerId, 'link');
      }),
  };
}

const NO_ANSWERS: Visit['answers'] = new Map();

function closedBecause(invitation: OpenInvitation, complete: boolean, now: string): ClosedBecause | null {
  if (invitation.revokedAt !== null) return 'revoked';
  if (invitation.progress === 'opted_out' && !complete) return 'optedOut';
  return invitation.expiresAt <= now || invitation.progress === 'expired' ? 'expired' : null;
}

function withAnswer({ answers }: Visit, key: string, value: AnswerValue, keepsAnswer: boolean): Visit['answers'] {
  const stands = answers.get(key);
  if (value.kind === 'skipped' && keepsAnswer && stands) return answers;
  return new Map(answers).set(key, value);
}
