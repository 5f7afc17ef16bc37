import { z } from 'zod';
import { greetingLine, type MailCustomer } from '../customers/index.ts';
import type { Composed, Composer, Message } from '../mailer/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { InvitationsDeps } from './deps.ts';
import { REMINDERS, type Version } from '../questionnaires/index.ts';
import { letterOf, plainText, type InvitationLetter } from './letter.ts';
import type { Links } from './links.ts';
import { findInvitations, type InvitationToWrite } from './store.ts';
import { findWave, findWaves } from './wave-store.ts';
import type { Wave } from './wave.ts';

export const testDetail = z.object({ language: z.string(), accountId: z.string(), customerId: z.string().nullable() });
export type TestDetail = z.infer<typeof testDetail>;

export interface Letters {
  /** Composes what waits in the outbox, after a last look at whether it may still be sent. */
  invitations: Composer;
  /** Composes the copies that a colleague sends to themselves. */
  tests: Composer;
  /** The invitation as that customer would get it (or a made-up one), with links that keep no answers. */
  sample(
    wave: Wave,
    language: string,
    customerId: string | null,
    options?: { test: boolean },
  ): Promise<InvitationLetter | undefined>;
  sampleReminder(
    wave: Wave,
    language: string,
    customerId: string | null,
    number: number,
  ): Promise<InvitationLetter | undefined>;
  /** A reminder to somebody, which their mail program shows below the invitation of that Message-ID. */
  reminder(
    wave: Wave,
    invitation: { id: string; language: string },
    customer: MailCustomer,
    options: { number: number; thread: string | undefined },
  ): Promise<Composed>;
}

export function createLetters(deps: InvitationsDeps, links: Links): Letters {
  const { storage, clock, texts, render, accounts, customers, questionnaires, baseUrl } = deps;

  async function letter(wave: Wave, language: string, customer: MailCustomer | undefined, to: LinksOf) {
    const version = await questionnaires.version(wave.versionId);
    const mail = version && (await wordsOf(version, language, to.reminder));
    if (!mail) return undefined;
    const t = texts.in(language);
    const colleague = wave.senderAccountId ? await accounts.colleague(wave.senderAccountId) : undefined;
    const company = await accounts.company();
    const facts = {
      definition: version.definition,
      mail,
      greeting: greetingLine(customer ?? sampleOf(t('mail.test.familyName')), t),
      company,
      logo: company.logo && { ...company.logo.picture, src: `${baseUrl}${company.logo.picture.src}` },
      sender: { name: wave.senderName, title: colleague?.title ?? '' },
      ...to,
    };
    return letterOf(facts, t);
  }

  async function wordsOf({ id, definition }: Version, language: string, reminder: number | undefined) {
    if (reminder === undefined) return definition.mail;
    const name = REMINDERS[reminder - 1];
    const words = await questionnaires.reminderWords(id, language);
    return name && words?.[name];
  }

  const message = async (wave: Wave, written: InvitationLetter, to: Message['to']): Promise<Message> => ({
    from: { name: [wave.senderName, (await accounts.company()).name].filter(Boolean).join(', ') },
    to,
    ...(wave.replyTo ? { replyTo: wave.replyTo } : {}),
    subject: written.subject,
    text: plainText(written),
    html: String(render('mail/invitation', written, { t: texts.in(written.language), csrf: '' })),
    language: written.language,
  });

  async function compose(invitation: InvitationToWrite, wave: Wave | undefined, customer: MailCustomer | undefined) {
    const reason = withdrawn(invitation, wave, customer, timestamp(clock));
    if (reason !== null || !wave || !customer) return { cancel: reason ?? 'gone' };
    // Paused between the claim and now.
    if (wave.state === 'paused') return { notNow: true as const };
    const to = { questions: links.questions(invitation.id), optOut: links.optOut(invitation.id) };
    const written = await letter(wave, invitation.language, customer, { links: to, test: false });
    if (!written) return { cancel: 'gone' };
    const recipient = { name: fullName(customer), address: customer.email };
    return { ...(await message(wave, written, recipient)), headers: unsubscribeHeaders(to.optOut) };
  }

  const sample: Letters['sample'] = async (wave, language, customerId, { test } = { test: false }) => {
    const customer =
      customerId === null ? undefined : (await customers.forMail(storage.read, [customerId])).get(customerId);
    const preview = links.preview(wave.versionId);
    return await letter(wave, language, customer, { links: { questions: preview, optOut: preview }, test });
  };

  const sampleReminder: Letters['sampleReminder'] = async (wave, language, customerId, number) => {
    const customer =
      customerId === null ? undefined : (await customers.forMail(storage.read, [customerId])).get(customerId);
    const preview = links.preview(wave.versionId);
    const to = { links: { questions: preview, optOut: preview }, test: false, reminder: number };
    return await letter(wave, language, customer, to);
  };

  return {
    sample,
    sampleReminder,
    async reminder(wave, { id, language }, customer, { number, thread }) {
      const to = { questions: links.questions(id), optOut: links.optOut(id) };
      const written = await letter(wave, language, customer, { links: to, test: false, reminder: number });
      if (!written) return { cancel: 'gone' };
      const recipient = { name: fullName(customer), address: customer.email };
      const headers = { ...unsubscribeHeaders(to.optOut), ...threadHeaders(thread) };
      return { ...(await message(wave, written, recipient)), headers };
    },
    async invitations(mails) {
      const invitations = await findInvitations(
        storage.read,
        mails.map((mail) => mail.subjectId),
      );
      const all = [...invitations.values()];
      const waves = await findWaves(storage.read, [...new Set(all.map((each) => each.wave_id))]);
      const people = await customers.forMail(
        storage.read,
        all.map((each) => each.customer_id),
      );
      const composed = new Map<string, Composed>();
      for (const { mailId, subjectId } of mails) {
        const invitation = invitations.get(subjectId);
        if (!invitation) continue;
        const { wave_id, customer_id } = invitation;
        composed.set(mailId, await compose(invitation, waves.get(wave_id), people.get(customer_id)));
      }
      return composed;
    },
    async tests(mails) {
      const composed = new Map<string, Composed>();
      for (const { mailId, subjectId, detail } of mails) {
        const { language, accountId, customerId } = testDetail.parse(detail);
        const [wave, to] = [await findWave(storage.read, subjectId), await accounts.colleague(accountId)];
        const written = wave && (await sample(wave, language, customerId, { test: true }));
        const recipient = to && { name: to.name, address: to.email };
        composed.set(
          mailId,
          wave && written && recipient ? await message(wave, written, recipient) : { cancel: 'gone' },
        );
      }
      return composed;
    },
  };
}

interface LinksOf {
  links: { questions: string; optOut: string };
  test: boolean;
  /** The reminder of that number instead of the invitation. */
  reminder?: number;
}

/** RFC 5322, 3.6.4: what this message belongs to. */
function threadHeaders(messageId: string | undefined): Record<string, string> {
  return messageId === undefined ? {} : { 'In-Reply-To': `<${messageId}>`, References: `<${messageId}>` };
}

/** Why an invitation that waited is not sent after all; null where it is. */
function withdrawn(
  { progress, revoked_at, expires_at }: InvitationToWrite,
  wave: Wave | undefined,
  customer: MailCustomer | undefined,
  now: string,
): string | null {
  if (!wave || wave.state === 'stopped') return 'stopped';
  if (!customer || customer.erasedAt !== null) return 'gone';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (customer.email === '') return 'no_address';
  if (revoked_at !== null) return 'revoked';
  if (expires_at <= now) return 'expired';
  return progress === 'none' ? null : 'answered';
}

/** RFC 2369 and RFC 8058: the mail program's own button, one POST to the same page. */
function unsubscribeHeaders(href: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

function fullName({ givenName, familyName, organisation }: MailCustomer): string {
  return [givenName, familyName].filter(Boolean).join(' ') || organisation;
}

/** Somebody made up, where the audience has nobody for a language. */
function sampleOf(familyName: string) {
  return { title: '', givenName: 'Kim', familyName, organisation: '', greeting: 'formal' };
}
