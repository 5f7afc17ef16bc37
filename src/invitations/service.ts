import type { Db, Tx } from '../storage/index.ts';
import { createAsked, type Asked } from './asked.ts';
import { createBackground, type Background } from './background.ts';
import { createLetters, type Letters } from './composer.ts';
import { createContacts, type Contacts } from './contacts.ts';
import { createDeciding, type Deciding } from './deciding.ts';
import { followMail } from './delivery.ts';
import { INVITATION, REMINDER, TEST, type InvitationsDeps, type InvitationsHook } from './deps.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createFigures, type Figures } from './figures.ts';
import { createHoldouts, type Holdouts } from './holdouts.ts';
import { createLinks } from './links.ts';
import { createOtherWays, type OtherWays } from './other-ways.ts';
import { createPersonalLinks, type PersonalLinks } from './personal-links.ts';
import { createProfilePart, type ProfilePart } from './profile.ts';
import { createRecipients, type Recipients } from './recipients.ts';
import { createReminders } from './reminders.ts';
import { createRunning, type Running } from './running.ts';
import { createSchedules, type Schedules } from './schedules.ts';
import { screenInvitations } from './screening.ts';
import { sendingRules, type SendingRules } from './sending-rules.ts';
import { customersWithInvitations } from './store.ts';
import { mergeInvitations } from './merging.ts';
import { withdrawFor } from './withdrawing.ts';

export interface Invitations
  extends
    Drafts,
    Running,
    Deciding,
    Background,
    Asked,
    PersonalLinks,
    OtherWays,
    Figures,
    Recipients,
    Schedules,
    ProfilePart {
  /** The contact budget, for every feature that writes to customers. */
  contacts: Contacts;
  /** Who is kept out of a programme, to compare with. */
  holdouts: Holdouts;
  sendingRules(): Promise<SendingRules>;
  sampleLetter: Letters['sample'];
  /** A reminder of that wave, as `sampleLetter` shows the invitation. */
  sampleReminder: Letters['sampleReminder'];
  /** Runs in the transaction in which somebody is enrolled, skipped, cancelled, revoked, or their mail fails. */
  onChanged(hook: InvitationsHook): void;
  /** Runs in the transaction in which waves have finished: nobody in them waits any more. */
  onFinished(hook: (tx: Tx, waveIds: string[]) => Promise<void>): void;
  /** For the customers' news: withdraws what waits for somebody who asked us to stop. */
  withdrawFor: InvitationsHook;
  /** All that the other record holds is the kept one's, and nothing of it is sent by itself any more. */
  mergeInto(tx: Tx, otherId: string, keptId: string): Promise<void>;
  /** For the undo of an import: which of these customers were ever in a wave. */
  invited(db: Db, customerIds: string[]): Promise<string[]>;
}

/** Waves and their invitations. */
export function createInvitations(deps: InvitationsDeps): Invitations {
  const { mailer } = deps;
  const [changed, ended] = [createHooks(), createHooks()];
  const [announce, finished] = [changed.announce, ended.announce];
  const links = createLinks(deps.signer, deps.baseUrl);
  const letters = createLetters(deps, links);
  const contacts = createContacts(deps);
  const holdouts = createHoldouts(deps);
  const reminders = createReminders(deps, letters);
  const { runSchedules, ...recurring } = createSchedules(deps);
  const schedules = { runSchedules };
  const background = createBackground(deps, { announce, contacts, holdouts, reminders, schedules, finished });
  mailer.register(INVITATION, letters.invitations, followMail(deps, { announce, contacts }), screenInvitations(deps));
  mailer.register(TEST, letters.tests);
  mailer.register(REMINDER, reminders.composer, reminders.onState, reminders.screening);
  return {
    ...background,
    ...createDrafts(deps),
    ...recurring,
    ...createRunning(deps, background, { announce, contacts, holdouts }),
    ...createDeciding(deps),
    ...createPersonalLinks(deps, links, announce),
    ...createAsked(deps, links),
    ...createOtherWays(deps, links, { announce, contacts, holdouts }),
    ...createFigures(deps, { contacts, holdouts }),
    ...createRecipients(deps),
    ...createProfilePart(deps, contacts),
    contacts,
    holdouts,
    sendingRules: () => sendingRules(deps, { contacts, holdouts }),
    sampleLetter: letters.sample,
    sampleReminder: letters.sampleReminder,
    onChanged: changed.add,
    onFinished: ended.add,
    withdrawFor: (tx, customerIds) => withdrawFor(deps, tx, customerIds),
    mergeInto: (tx, otherId, keptId) => mergeInvitations(deps, tx, otherId, keptId),
    invited: customersWithInvitations,
  };
}

/** Who hears of something, in the order in which they asked to. */
function createHooks() {
  const hooks: InvitationsHook[] = [];
  const announce: InvitationsHook = async (tx, ids) => {
    for (const hook of hooks) await hook(tx, ids);
  };
  return { announce, add: (hook: InvitationsHook) => void hooks.push(hook) };
}
