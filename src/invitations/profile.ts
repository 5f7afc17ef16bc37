import type { TimelineItem } from '../customers/index.ts';
import type { Translate } from '../i18n/index.ts';
import { timestamp } from '../shared/clock.ts';
import { contactFacts, type ContactFact } from './contact-views.ts';
import type { Contacts } from './contacts.ts';
import { INVITATION, type InvitationsDeps } from './deps.ts';
import { findInvitation, waitingFor } from './store.ts';
import { troubleOf } from './trouble.ts';
import { findWaves } from './wave-store.ts';
import { errorWords } from './words.ts';

export interface ProfilePart {
  /** For a customer's timeline: invitations that should have left by now and have not. */
  waitingOf(customerId: string, t: Translate): Promise<TimelineItem[]>;
  /** For a customer's profile: how they stand with the contact budget. Empty for somebody erased. */
  contactsOf(customerId: string, reader: { t: Translate; timeZone: string }): Promise<ContactFact[]>;
}

export function createProfilePart(deps: InvitationsDeps, contacts: Contacts): ProfilePart {
  const { read } = deps.storage;

  /** What was asked is called by its wave. */
  async function namesOf(ids: string[]): Promise<Map<string, string>> {
    const found = (await Promise.all(ids.map((id) => findInvitation(read, id)))).filter((each) => each !== undefined);
    const waves = await findWaves(
      read,
      found.map(({ waveId }) => waveId),
    );
    return new Map(found.map(({ id, waveId }) => [id, waves.get(waveId)?.name ?? '']));
  }

  return {
    async waitingOf(customerId, t) {
      const waiting = await waitingFor(read, customerId);
      const items = waiting.map(async ({ id, created_at: at, wave }): Promise<TimelineItem[]> => {
        const trouble = await troubleOf(deps, await deps.mailer.history(read, INVITATION, [id]));
        if (trouble === null) return [];
        const detail = { wave, error: errorWords(trouble, t) };
        return [{ id, at, kind: 'invitations.waiting', accountId: null, subjectId: id, detail }];
      });
      return (await Promise.all(items)).flat();
    },
    async contactsOf(customerId, { t, timeZone }) {
      const person = (await deps.customers.forMail(read, [customerId])).get(customerId);
      if (!person || person.erasedAt !== null) return [];
      const standing = await contacts.standing(read, { id: customerId, email: person.email }, timestamp(deps.clock));
      const { days } = await contacts.budget(read);
      const names = await namesOf(standing.counted.map(({ id }) => id));
      const suppressed = await deps.isSuppressed?.(read, [person.email]);
      const never =
        person.unsubscribedAt !== null ? 'unsubscribed' : suppressed?.has(person.email) ? 'suppressed' : null;
      return contactFacts({ standing, names, days, never, timeZone }, t);
    },
  };
}
