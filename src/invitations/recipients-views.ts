import { languageName, type Translate } from '../i18n/index.ts';
import type { Page } from '../storage/index.ts';
import type { InvitationFilter, ListedInvitation } from './invitation.ts';
import { DELIVERIES, PROGRESSES, SKIP_REASONS, type Wave } from './wave.ts';
import { momentOf } from './wave-views.ts';

interface RecipientLine {
  name: string;
  href: string;
  log: string;
  reference: string;
  language: string;
  delivery: string;
  detail: string;
  progress: string;
  sent: string;
  /** Forms of one button each. */
  actions: { action: string; label: string; decision: string }[];
}

export interface RecipientsView {
  wave: string;
  back: string;
  views: { text: string; href: string; current: boolean }[];
  /** What to know about unknown ones; null in other lists. */
  explanation: string | null;
  rows: RecipientLine[];
  /** What the list is of, to come back to after an action. */
  filter: string;
  next: string | null;
  first: string | null;
  csv: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'invitations/recipients': RecipientsView;
  }
}

interface RecipientsQuery {
  delivery?: string | undefined;
  progress?: string | undefined;
  reason?: string | undefined;
  after?: string | undefined;
}

/** A filter that nobody could have chosen is left out. */
export function filterOf({ delivery, progress, reason }: RecipientsQuery): InvitationFilter {
  const one = <T extends string>(known: readonly T[], value: string | undefined) =>
    known.find((each) => each === value);
  const [d, p, r] = [one(DELIVERIES, delivery), one(PROGRESSES, progress), one(SKIP_REASONS, reason)];
  if (r) return { skipReason: r };
  if (d) return { delivery: d };
  return p ? { progress: p } : {};
}

interface RecipientsFacts {
  wave: Wave;
  filter: InvitationFilter;
  list: Page<ListedInvitation>;
  names: Map<string, { name: string; reference: string }>;
  isFirst: boolean;
  timeZone: string;
}

export function recipientsView(facts: RecipientsFacts, t: Translate): RecipientsView {
  const { wave, filter, list, isFirst } = facts;
  const at = `/waves/${wave.id}/recipients`;
  const chosen = queryOf(filter);
  const address = (more: string) => [at, [chosen, more].filter(Boolean).join('&')].filter(Boolean).join('?');
  return {
    wave: wave.name,
    back: `/waves/${wave.id}`,
    views: viewsOf(at, chosen, t),
    explanation: filter.delivery === 'unknown' ? t('waves.unknown.explanation') : null,
    rows: list.rows.map((row) => line(row, facts, t)),
    filter: chosen,
    next: list.next === null ? null : address(`after=${list.next}`),
    first: isFirst ? null : address(''),
    csv: `/waves/${wave.id}/recipients.csv${chosen && `?${chosen}`}`,
  };
}

function queryOf({ delivery, progress, skipReason }: InvitationFilter): string {
  if (skipReason) return `reason=${skipReason}`;
  if (delivery) return `delivery=${delivery}`;
  return progress ? `progress=${progress}` : '';
}

const VIEWS = [
  '',
  'delivery=sent',
  'delivery=queued',
  'delivery=skipped',
  'delivery=failed',
  'delivery=unknown',
  'progress=started',
  'progress=completed',
  'progress=opted_out',
];

function viewsOf(at: string, chosen: string, t: Translate): RecipientsView['views'] {
  return VIEWS.map((query) => {
    const [kind = '', value = ''] = query.split('=');
    const text = query === '' ? t('waves.recipients.all') : t(`waves.${kind}.${value}`);
    return { text, href: query === '' ? at : `${at}?${query}`, current: query === chosen };
  });
}

function line(row: ListedInvitation, { wave, names, timeZone }: RecipientsFacts, t: Translate): RecipientLine {
  const known = names.get(row.customerId);
  return {
    name: known?.name ?? t('waves.recipients.erased'),
    href: known ? `/customers/${row.customerId}` : '',
    log: `/waves/${wave.id}/invitations/${row.id}`,
    reference: known?.reference ?? '',
    language: row.language === '' ? '' : languageName(row.language),
    delivery: t(`waves.delivery.${row.delivery}`),
    detail: detailOf(row, timeZone, t),
    progress: row.progress === 'none' ? '' : t(`waves.progress.${row.progress}`),
    sent: momentOf(row.sentAt, t.language, timeZone),
    actions: actionsOf(wave.id, row, t),
  };
}

function detailOf(row: ListedInvitation, timeZone: string, t: Translate): string {
  const parts = [
    row.skipReason === null ? '' : t(`waves.skip.${row.skipReason}`),
    row.skipUntil === null ? '' : t('waves.until.one', { from: momentOf(row.skipUntil, t.language, timeZone) }),
    row.bouncedAt === null ? '' : t('waves.recipients.bounced'),
    row.reachedAt === null ? '' : t('waves.recipients.reached'),
    row.revokedAt === null ? '' : t('waves.recipients.revoked'),
  ];
  return parts.filter(Boolean).join('; ');
}

function actionsOf(waveId: string, row: ListedInvitation, t: Translate): RecipientLine['actions'] {
  const at = `/waves/${waveId}/invitations/${row.id}`;
  const decide = (decision: string) => ({ action: `${at}/decision`, label: t(`waves.unknown.${decision}`), decision });
  const revocable = row.revokedAt === null && row.delivery !== 'skipped' && row.delivery !== 'withheld';
  return [
    ...(row.delivery === 'unknown' ? [decide('sent'), decide('again')] : []),
    ...(revocable && row.progress !== 'completed'
      ? [{ action: `${at}/revocation`, label: t('waves.recipients.revoke'), decision: '' }]
      : []),
  ];
}
