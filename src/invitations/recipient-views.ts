import { languageName, formatMoment, type Translate } from '../i18n/index.ts';
import type { CameBack, MailHistory } from '../mailer/index.ts';
import type { RecipientLog } from './invitation.ts';
import type { Wave } from './wave.ts';
import { errorWords, type Fact } from './words.ts';

export interface RecipientView {
  name: string;
  href: string;
  wave: string;
  back: string;
  all: string;
  facts: Fact[];
  /** Why nothing leaves although it should; null where it does. */
  trouble: string | null;
  log: { when: string; what: string }[];
  /** The invitation, and reminders, of which nobody knows whether they arrived. */
  unknown: { text: string; action: string }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/recipient': RecipientView;
  }
}

interface RecipientFacts {
  wave: Wave;
  log: RecipientLog;
  /** What people have decided about this invitation. */
  decisions: { at: string; actor_kind: string; actor_id: string | null; action: string }[];
  colleagues: { id: string; name: string }[];
  /** Undefined for somebody erased. */
  name: string | undefined;
  timeZone: string;
}

export function recipientView(facts: RecipientFacts, t: Translate): RecipientView {
  const { wave, log, name, timeZone } = facts;
  const { invitation } = log;
  const moment = (at: string) => formatMoment(at, t.language, timeZone);
  return {
    name: name ?? t('waves.recipients.erased'),
    href: name === undefined ? '' : `/customers/${invitation.customerId}`,
    wave: wave.name,
    back: `/waves/${wave.id}`,
    all: `/waves/${wave.id}/recipients`,
    facts: [
      { term: t('waves.recipients.delivery'), value: t(`waves.delivery.${invitation.delivery}`) },
      ...(invitation.progress === 'none'
        ? []
        : [{ term: t('waves.recipients.progress'), value: t(`waves.progress.${invitation.progress}`) }]),
      { term: t('waves.recipients.language'), value: invitation.language ? languageName(invitation.language) : '' },
      { term: t('waves.recipient.expires'), value: moment(invitation.expiresAt) },
    ].filter(({ value }) => value !== ''),
    trouble: log.trouble === null ? null : t('waves.wave.trouble', { error: errorWords(log.trouble, t) }),
    log: linesOf(facts, t)
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      .map(({ at, what }) => ({ when: moment(at), what })),
    unknown: unknownOf(facts, t),
  };
}

function unknownOf({ wave, log: { invitation, reminders } }: RecipientFacts, t: Translate): RecipientView['unknown'] {
  const at = `/waves/${wave.id}`;
  const asked = { text: t('waves.recipient.unknownInvitation'), action: `${at}/invitations/${invitation.id}/decision` };
  const reminded = reminders
    .filter(({ state }) => state === 'unknown')
    .map(({ id, number }) => ({
      text: t('waves.recipient.unknownReminder', { number }),
      action: `${at}/reminders/${id}/decision`,
    }));
  return invitation.delivery === 'unknown' ? [asked, ...reminded] : reminded;
}

interface Line {
  at: string;
  what: string;
}

function linesOf({ log, decisions, colleagues }: RecipientFacts, t: Translate): Line[] {
  const { invitation, mails, cameBack } = log;
  const names = new Map(colleagues.map(({ id, name }) => [id, name]));
  const entered = ['skipped', 'withheld'].includes(invitation.delivery) ? invitation.delivery : 'entered';
  const reason = invitation.skipReason === null ? '' : t(`waves.skip.${invitation.skipReason}`);
  return [
    { at: invitation.createdAt, what: t(`waves.log.${entered}`, { reason }) },
    ...mails.flatMap((mail) => mailLines(mail, cameBack, t)),
    ...log.reminders.filter((each) => mayCome(each, log)).flatMap((each) => reminderLines(each, cameBack, t)),
    ...bouncedLines(log, t),
    ...decisions.map(({ at, actor_kind, actor_id, action }) => {
      const who = names.get(actor_id ?? '') ?? t(`accounts.actor.${actor_kind}`);
      return { at, what: `${who}: ${t(action.replace('.', '.audit.'))}` };
    }),
  ];
}

/** Of one that is planned for somebody who has answered or is not to be reached any more, nothing comes. */
const mayCome = (
  { state }: { state: string },
  { isSilent, invitation: { progress, bouncedAt, revokedAt } }: RecipientLog,
): boolean => state !== 'planned' || (!isSilent && progress === 'none' && bouncedAt === null && revokedAt === null);

/** Where the report itself is no longer known. */
function bouncedLines({ invitation: { bouncedAt }, cameBack }: RecipientLog, t: Translate): Line[] {
  if (bouncedAt === null || cameBack.some(({ kind }) => kind === 'hard')) return [];
  return [{ at: bouncedAt, what: t('waves.log.bounced') }];
}

function reminderLines(
  { number, state, reason, dueAt, mails }: RecipientLog['reminders'][number],
  cameBack: CameBack[],
  t: Translate,
): Line[] {
  const named = ({ at, what }: Line): Line => ({ at, what: t('waves.log.reminder', { number, what }) });
  if (state === 'planned') return [named({ at: dueAt, what: t('waves.log.reminder.planned') })];
  if (mails.length > 0) return mails.flatMap((mail) => mailLines(mail, cameBack, t)).map(named);
  const error = reason === null ? '' : errorWords(reason, t);
  return [named({ at: dueAt, what: t('waves.log.mail.cancelled', { error }) })];
}

/** One mail, and what came back of it. */
function mailLines(mail: MailHistory, cameBack: CameBack[], t: Translate): Line[] {
  const returned = cameBack.filter(({ mailId }) => mailId === mail.mailId);
  return [...fateLines(mail, t), ...returned.map((each) => ({ at: each.at, what: returnedWords(each, t) }))];
}

function returnedWords({ kind, cause }: CameBack, t: Translate): string {
  const why = t(`bounces.cause.${cause}`);
  return kind === 'hard' || kind === 'soft' ? t(`waves.log.returned.${kind}`, { why }) : why;
}

/** What is known of one mail: when it was settled, or when it is tried again. */
function fateLines({ state, settledAt, attempts, lastError, dueAt }: MailHistory, t: Translate): Line[] {
  const error = lastError === null ? '' : errorWords(lastError, t);
  // What a person counted as sent has kept why nobody knew: no server has said that it took it.
  const known = state === 'sent' && error !== '' ? 'unknown' : state;
  if (settledAt !== null && state !== 'queued')
    return [{ at: settledAt, what: t(`waves.log.mail.${known}`, { error }) }];
  return attempts === 0 || dueAt === null
    ? []
    : [{ at: dueAt, what: t('waves.log.tried', { count: attempts, error }) }];
}
