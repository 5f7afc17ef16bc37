import { languageName, isLanguage, formatMoment, formatNumber } from '../../i18n/index.ts';
import type { MailTabs } from '../../mailer/index.ts';
import type { FormView, Staff } from '../../web/index.ts';
import type { Attachment } from '../attachments/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { Enclosable } from '../cases/step-mail.ts';
import type { ToneFault } from '../cases/tone.ts';
import type { PickView } from '../library/pick-views.ts';
import type { CaseMailRow } from './mail-store.ts';

interface FileView {
  name: string;
  href: string;
  about: string;
}

export interface MailView {
  id: string;
  /** 'You wrote', 'Anna Brandes wrote', with when. */
  who: string;
  when: string;
  ours: boolean;
  subject: string;
  language: string;
  words: string;
  quoted: string;
  /** What became of ours. */
  state: { text: string; mood: string } | null;
  /** What to be careful about with theirs. */
  warnings: { text: string; mood: string }[];
  files: FileView[];
  missing: string[];
}

export interface ReplyView {
  action: string;
  /** Null where nobody can be written to: `why` says so. */
  form: FormView | null;
  why: string | null;
  label: string;
  language: string;
  formId: string;
  tone: string[];
  /** What they were given in this case, to be spoken of. */
  offers: Enclosable[];
  note: string;
}

export interface MailPanel {
  mails: MailView[];
  waits: boolean;
  /** Whether the form stands open. */
  isOpen: boolean;
  /** Approved answers to insert; null where something has been typed already. */
  pick: PickView | null;
  reply: ReplyView;
}

export interface WritePage extends MailPanel {
  back: { href: string; text: string };
}

export interface SortRow {
  mail: MailView;
  hint: { text: string; href: string } | null;
  /** The case that it answers, which is closed. */
  closed: { text: string; href: string; number: string; mayBeSettled: boolean } | null;
  open: { number: string; text: string }[];
  /** The case that somebody names. */
  other: { id: string; typed: string; error: string };
  action: string;
}

export interface SortPage extends MailTabs {
  summary: FormView;
  /** Said above: what somebody else has done meanwhile. */
  notice: string | null;
  rows: SortRow[];
  next: string | null;
  first: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'casemail/panel': MailPanel;
    'casemail/mail': MailView;
    'casemail/reply': ReplyView;
    'casemail/write': WritePage;
    'casemail/sort': SortPage;
  }
}

export interface Names {
  colleagueOf(id: string | null): string;
}

const STATE_MOODS: Record<string, string> = { failed: 'late', bounced: 'late', unknown: 'late', sent: 'good' };

export function mailView(row: CaseMailRow, files: Attachment[], names: Names, staff: Staff): MailView {
  const { t, language, timeZone } = staff;
  const ours = row.direction === 'out';
  return {
    id: `mail-${row.id}`,
    who: ours ? names.colleagueOf(row.account_id) : senderOf(row, t('casemail.somebody')),
    when: formatMoment(row.at, language, timeZone),
    ours,
    subject: row.subject,
    language: row.language || 'und',
    words: row.words || t('casemail.noWords'),
    quoted: row.quoted.trim(),
    state: ours ? { text: t(`casemail.state.${row.state}`), mood: STATE_MOODS[row.state] ?? '' } : null,
    warnings: ours ? [] : warningsOf(row, staff),
    files: files.map((file) => ({ name: file.name, href: file.href, about: aboutFile(file, staff) })),
    missing: missingOf(row, staff),
  };
}

const senderOf = ({ name, address }: CaseMailRow, nobody: string) =>
  name && address ? `${name} <${address}>` : address || name || nobody;

function warningsOf({ automatic, other_address, trust }: CaseMailRow, { t }: Staff): MailView['warnings'] {
  const said: MailView['warnings'] = [];
  if (automatic === 1) said.push({ text: t('casemail.automatic'), mood: '' });
  if (other_address === 1) said.push({ text: t('casemail.otherAddress'), mood: 'late' });
  if (trust === 'failed') said.push({ text: t('casemail.trust.failed'), mood: 'late' });
  if (trust === 'unsure') said.push({ text: t('casemail.trust.unsure'), mood: '' });
  return said;
}

const KILOBYTE = 1024;

/** 'PDF, 120 kB'. */
export function aboutFile({ type, size }: Attachment, { t, language }: Staff): string {
  const kilobytes = Math.max(1, Math.round(size / KILOBYTE));
  const amount =
    kilobytes < KILOBYTE
      ? t('casemail.file.kilobytes', { amount: formatNumber(kilobytes, language) })
      : t('casemail.file.megabytes', { amount: formatNumber(Math.round((kilobytes / KILOBYTE) * 10) / 10, language) });
  return `${t(`casemail.type.${type.startsWith('image/') ? 'picture' : (TYPES[type] ?? 'text')}`)}, ${amount}`;
}

const TYPES: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'word',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'excel',
};

function missingOf({ missing }: CaseMailRow, { t }: Staff): string[] {
  const files = JSON.parse(missing) as { name: string; why: string }[];
  return files.map(({ name, why }) => t(`casemail.missing.${why}`, { name: name || t('casemail.missing.some') }));
}

interface ReplyFacts {
  theCase: RecoveryCase;
  to: { name: string; address: string } | undefined;
  suppressed: boolean;
  form: FormView;
  formId: string;
  tone: ToneFault[];
  offers: Enclosable[];
}

export function replyView(
  { theCase, to, suppressed, form, formId, tone, offers }: ReplyFacts,
  { t, name }: Staff,
): ReplyView {
  const why = to ? (suppressed ? t('casemail.error.suppressed') : null) : t('casemail.error.nobody');
  const theirs = isLanguage(theCase.language) ? languageName(theCase.language) : theCase.language;
  return {
    action: `/cases/${theCase.id}/mail`,
    form: why === null ? form : null,
    why,
    label: t('casemail.reply.words', { name: to?.name || to?.address || '', language: theirs }),
    language: theCase.language,
    formId,
    tone: tone.map(({ fault, words }) => t(`cases.tone.${fault}`, { words })),
    offers,
    note: t('casemail.reply.note', { name, address: to?.address ?? '' }),
  };
}
