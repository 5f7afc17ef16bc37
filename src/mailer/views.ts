import { formatMoment, type Translate } from '../i18n/index.ts';
import type { Page } from '../storage/index.ts';
import type { CapturedLine } from './captured-store.ts';
import { mailTabs, type MailTabs } from './bounces/views.ts';
import type { CapturedMail } from './outbox.ts';

export interface OutboxView extends MailTabs {
  lead: string;
  mails: { href: string; subject: string; to: string; at: string; kind: string }[];
  next: string | null;
  first: string | null;
}

export interface CapturedView {
  subject: string;
  at: string;
  headers: { name: string; value: string }[];
  /** The text part; addresses in it can be followed. */
  text: { text: string; href: string | null }[];
  html: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'mail/outbox': OutboxView;
    'mail/captured': CapturedView;
  }
}

interface Reader {
  t: Translate;
  timeZone: string;
}

export function outboxView(
  { rows, next }: Page<CapturedLine>,
  { before, lead, kinds }: { before: string | null; lead: string; kinds: Set<string> },
  { t, timeZone }: Reader,
): OutboxView {
  return {
    tabs: mailTabs('/outbox', t),
    lead,
    mails: rows.map((row) => ({
      href: `/outbox/${row.id}`,
      subject: row.subject,
      to: row.envelope_to,
      at: formatMoment(row.captured_at, t.language, timeZone),
      kind: t(kinds.has(row.kind) ? kindKey(row.kind) : 'mail.kind.other'),
    })),
    next: next === null ? null : `/outbox?before=${next}`,
    first: before === null ? null : '/outbox',
  };
}

/** What a kind of mail is called. */
export const kindKey = (kind: string): string => `mail.kind.${kind.replaceAll('.', '_')}`;

export function capturedView(mail: CapturedMail, { t, timeZone }: Reader): CapturedView {
  return {
    subject: mail.subject,
    at: formatMoment(mail.capturedAt, t.language, timeZone),
    headers: mail.headers.map(([name, value]) => ({ name, value })),
    text: withLinks(mail.text),
    html: `/outbox/${mail.id}/html`,
  };
}

const ADDRESS = /(https?:\/\/[^\s<>"]+)/;

function withLinks(text: string): CapturedView['text'] {
  return text.split(ADDRESS).map((part) => ({ text: part, href: ADDRESS.test(part) ? part : null }));
}
