import { timestamp } from '../shared/clock.ts';
import { languageCodes, negotiate } from '../i18n/index.ts';
import type { OpenInvitation } from '../invitations/index.ts';
import { valuesOf } from '../responses/index.ts';
import type { Answering, AnsweringDeps, OptOutWish } from './interface.ts';
import { languageFor, sampleAnswers } from './rules.ts';
import type { Closed, ClosedBecause, Reach, Sender, Visit } from './visit.ts';

const NO_ANSWERS: Visit['answers'] = new Map();
const NO_WAY: Reach = { phone: false, mail: false };
const BOTH: Reach = { phone: true, mail: true };

/** Follows links: reads what they lead to, and changes nothing. */
export function createOpening(deps: AnsweringDeps): Pick<Answering, 'open' | 'findOptOut'> {
  const { storage, clock, signer, texts, responses, invitations, questionnaires, accounts } = deps;

  async function closed(because: ClosedBecause, language: string | undefined, accepted?: string): Promise<Closed> {
    const business = await accounts.company();
    const t = texts.to(language ?? negotiate(accepted, languageCodes, business.defaultLanguage));
    return { because, business, t };
  }

  async function senderOf({ senderName, senderAccountId, replyTo }: OpenInvitation): Promise<Sender> {
    const colleague = (await accounts.colleagues()).find(({ id }) => id === senderAccountId);
    return { name: senderName, title: colleague?.title ?? '', email: replyTo || colleague?.email || '' };
  }

  async function reachOf(customerId: string): Promise<Reach> {
    const customer = await deps.customers.find(customerId);
    return customer ? { phone: customer.telephone !== '', mail: customer.email !== '' } : NO_WAY;
  }

  /** What the pages of a link have in common, whoever follows it. */
  async function about(versionId: string, asked: string | undefined, known: (string | undefined)[]) {
    const version = await questionnaires.version(versionId);
    if (!version) return undefined;
    const { definition } = version;
    const offered = await questionnaires.offeredLanguages(versionId);
    const before = languageFor(undefined, known, offered, definition.languages);
    const language = asked === undefined ? before : languageFor(asked, known, offered, definition.languages);
    const business = await accounts.company();
    const readers = (await accounts.colleagues()).filter(({ active }) => active).length;
    const chosen = language === before ? undefined : language;
    return {
      definition,
      offered,
      language,
      t: texts.to(language, definition.familiar ?? []),
      chosen,
      business,
      readers,
    };
  }

  async function visit(token: string, invitation: OpenInvitation, lang: string | undefined): Promise<Visit | Closed> {
    // Whoever has begun nothing has no response: their first page and first answer save a look for it.
    const begun = invitation.progress !== 'none';
    const found = begun ? await responses.find(storage.read, invitation.id) : undefined;
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
      // Whoever typed the code on their letter has come by no e-mail.
      asked: { invitation, definition, mode: signer.verify('q', token) === undefined ? 'web' : 'email', language },
      answers: found ? valuesOf(found.answers) : NO_ANSWERS,
      sender: await senderOf(invitation),
      reach: complete ? await reachOf(invitation.customerId) : NO_WAY,
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
    return {
      ...common,
      token,
      preview: true,
      seed: versionId,
      asked,
      found: undefined,
      answers,
      sender,
      reach: BOTH,
      open: true,
    };
  }

  return {
    async open(token, language, accepted) {
      const invitation = await invitations.open(token);
      if (invitation) return await visit(token, invitation, language);
      const versionId = signer.verify('preview', token);
      const shown = versionId === undefined ? undefined : await preview(token, versionId, language);
      return shown ?? (await closed('unknown', undefined, accepted));
    },
    async findOptOut(token, language, accepted) {
      const invitation = await invitations.open(token);
      const { business, t } = await closed('unknown', language ?? invitation?.language, accepted);
      return { invitation, business, t, already: invitation ? await askedBefore(deps, invitation.customerId) : [] };
    },
  };
}

/** What of ours they have asked not to get any more. */
export async function askedBefore(
  { customers }: Pick<AnsweringDeps, 'customers'>,
  customerId: string,
): Promise<OptOutWish[]> {
  const customer = await customers.find(customerId);
  if (customer && customer.unsubscribedAt !== null) return ['all'];
  return (await customers.refusals(customerId)).map(({ topic }) => topic);
}

function closedBecause(invitation: OpenInvitation, complete: boolean, now: string): ClosedBecause | null {
  if (invitation.revokedAt !== null) return 'revoked';
  if (invitation.progress === 'opted_out' && !complete) return 'optedOut';
  return invitation.expiresAt <= now || invitation.progress === 'expired' ? 'expired' : null;
}
