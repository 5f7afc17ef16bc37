import { z } from 'zod';
import type { MailCustomer } from '../customers/index.ts';
import type { Composed, Composer, MailToCompose } from '../mailer/index.ts';
import { timestamp } from '../shared/clock.ts';
import type { InvitationsDeps } from './deps.ts';
import type { InvitationLetter } from './letter.ts';
import { messageOf, writeLetter, type LetterOptions } from './letter-writing.ts';
import type { Links } from './links.ts';
import { threadHeaders, unsubscribeHeaders } from './mail-headers.ts';
import { findInvitations, type InvitationToWrite } from './store.ts';
import { findWave, findWaves } from './wave-store.ts';
import type { Wave } from './wave.ts';

const testDetail = z.object({ language: z.string(), accountId: z.string(), customerId: z.string().nullable() });

export interface Letters {
  /** Composes what waits in the outbox, after a last look at whether it may still be sent. */
  invitations: Composer;
  /** Composes the copies that a colleague sends to themselves. */
  tests: Composer;
  /** The invitation as that customer would get it (or a made-up one), with links that keep no answers. */
  sample(wave: Wave, language: string, customerId: string | null): Promise<InvitationLetter | undefined>;
  /** The reminder of that number, in the same way. */
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

/** The letters of waves, as mail and to be looked at. */
export function createLetters(deps: InvitationsDeps, links: Links): Letters {
  return {
    sample: (wave, language, customerId) => sampleOf(deps, links, wave, language, customerId, { test: false }),
    sampleReminder: (wave, language, customerId, number) =>
      sampleOf(deps, links, wave, language, customerId, { test: false, reminder: number }),
    async reminder(wave, { id, language }, customer, { number, thread }) {
      const message = await personal(deps, links, wave, { id, language }, customer, number);
      if (!message) return { cancel: 'gone' };
      return { ...message, headers: { ...message.headers, ...threadHeaders(thread) } };
    },
    invitations: (mails) => composeInvitations(deps, links, mails),
    tests: (mails) => composeTests(deps, links, mails),
  };
}

async function sampleOf(
  deps: InvitationsDeps,
  links: Links,
  wave: Wave,
  language: string,
  customerId: string | null,
  options: Omit<LetterOptions, 'links'>,
): Promise<InvitationLetter | undefined> {
  const { customers, storage } = deps;
  const people = customerId === null ? undefined : await customers.forMail(storage.read, [customerId]);
  const preview = links.preview(wave.versionId, language);
  const to = { links: { questions: preview, optOut: preview }, ...options };
  return await writeLetter(deps, wave, language, people?.get(customerId ?? ''), to);
}

/** The mail of one invitation, or of a reminder of it, with the links of its recipient. */
async function personal(
  deps: InvitationsDeps,
  links: Links,
  wave: Wave,
  { id, language }: { id: string; language: string },
  customer: MailCustomer,
  reminder?: number,
) {
  const to = { questions: links.questions(id), optOut: links.optOut(id) };
  const options = { links: to, test: false, ...(reminder === undefined ? {} : { reminder }) };
  const letter = await writeLetter(deps, wave, language, customer, options);
  if (!letter) return undefined;
  const recipient = { name: fullName(customer), address: customer.email };
  return { ...(await messageOf(deps, wave, letter, recipient)), headers: unsubscribeHeaders(to.optOut) };
}

function fullName({ givenName, familyName, organisation }: MailCustomer): string {
  return [givenName, familyName].filter(Boolean).join(' ') || organisation;
}

async function composeInvitations(deps: InvitationsDeps, links: Links, mails: MailToCompose[]) {
  const { read } = deps.storage;
  const ids = mails.map((mail) => mail.subjectId);
  const invitations = await findInvitations(read, ids);
  const all = [...invitations.values()];
  const waves = await findWaves(read, [...new Set(all.map((each) => each.wave_id))]);
  const customerIds = all.map((each) => each.customer_id);
  const people = await deps.customers.forMail(read, customerIds);
  const composed = new Map<string, Composed>();
  for (const { mailId, subjectId } of mails) {
    const invitation = invitations.get(subjectId);
    if (!invitation) continue;
    const { wave_id, customer_id } = invitation;
    composed.set(mailId, await compose(deps, links, invitation, waves.get(wave_id), people.get(customer_id)));
  }
  return composed;
}

async function compose(
  deps: InvitationsDeps,
  links: Links,
  invitation: InvitationToWrite,
  wave: Wave | undefined,
  customer: MailCustomer | undefined,
): Promise<Composed> {
  const reason = withdrawn(invitation, wave, customer, timestamp(deps.clock));
  if (reason !== null || !wave || !customer) return { cancel: reason ?? 'gone' };
  // Paused between the claim and now.
  if (wave.state === 'paused') return { notNow: true };
  return (await personal(deps, links, wave, invitation, customer)) ?? { cancel: 'gone' };
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

async function composeTests(deps: InvitationsDeps, links: Links, mails: MailToCompose[]) {
  const { storage, accounts } = deps;
  const composed = new Map<string, Composed>();
  for (const { mailId, subjectId, detail } of mails) {
    const { language, accountId, customerId } = testDetail.parse(detail);
    const wave = await findWave(storage.read, subjectId);
    const to = await accounts.colleague(accountId);
    const letter = wave && (await sampleOf(deps, links, wave, language, customerId, { test: true }));
    const recipient = to && { name: to.name, address: to.email };
    const message = wave && letter && recipient && (await messageOf(deps, wave, letter, recipient));
    composed.set(mailId, message ?? { cancel: 'gone' });
  }
  return composed;
}
