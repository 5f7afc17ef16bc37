import { formatMoment } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Page } from '../../storage/index.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { EVENT_GROUPS, USUAL_KINDS } from './events.ts';
import type { Delivery, Endpoint } from './service.ts';

interface KindChoice {
  value: string;
  text: string;
  checked: boolean;
}

interface KindGroup {
  name: string;
  kinds: KindChoice[];
}

export interface KindsView {
  groups: KindGroup[];
  error: string;
}

export interface EndpointsPage {
  form: FormView;
  groups: KindGroup[];
  rows: { href: string; url: string; events: string; state: string; mood: string }[];
}

export interface EndpointPage {
  host: string;
  at: string;
  state: string;
  mood: string;
  isOn: boolean;
  form: FormView;
  groups: KindGroup[];
  seen: number;
  /** Shown this once. */
  secret: string | null;
  rows: {
    what: string;
    when: string;
    state: string;
    mood: string;
    note: string;
    again: string | null;
  }[];
  next: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'api/webhooks': EndpointsPage;
    'api/webhook': EndpointPage;
    'api/webhook-kinds': KindsView;
  }
}

const AT = '/settings/webhooks';
const MOODS = { on: 'good', off: '', failed: 'bad' } as const;

/** What was typed and rejected, or a secret that is shown now and never again. */
export interface Shown {
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
  secret?: string;
}

export function endpointsPage(endpoints: Endpoint[], { typed, errors }: Shown, { t }: Staff): EndpointsPage {
  const chosen = typed ? [typed.events ?? []].flat() : USUAL_KINDS;
  return {
    form: formView({ url: '', ...typed }, errors, t),
    groups: groups(chosen, t),
    rows: endpoints.map((each) => ({
      href: `${AT}/${each.id}`,
      url: each.url,
      events: each.events.map((kind) => t(`webhooks.kind.${kind}`)).join(', '),
      state: stateOf(each, t),
      mood: moodOf(each),
    })),
  };
}

function groups(chosen: readonly unknown[], t: Staff['t']): KindGroup[] {
  return EVENT_GROUPS.map(({ group, kinds }) => ({
    name: t(`webhooks.group.${group}`),
    kinds: kinds.map((value) => ({ value, text: t(`webhooks.kind.${value}`), checked: chosen.includes(value) })),
  }));
}

const moodOf = ({ state, failingSince }: Endpoint): string =>
  state === 'on' && failingSince !== null ? 'late' : MOODS[state];

function stateOf({ state, failingSince }: Endpoint, t: Staff['t']): string {
  return t(state === 'on' && failingSince !== null ? 'webhooks.state.failing' : `webhooks.state.${state}`);
}

export function endpointPage(
  endpoint: Endpoint,
  { rows, next }: Page<Delivery>,
  { typed, errors, secret }: Shown,
  { t, timeZone }: Staff,
): EndpointPage {
  const at = `${AT}/${endpoint.id}`;
  const chosen = typed ? [typed.events ?? []].flat() : endpoint.events;
  return {
    host: new URL(endpoint.url).host,
    at,
    state: stateOf(endpoint, t),
    mood: moodOf(endpoint),
    isOn: endpoint.state === 'on',
    form: formView({ url: endpoint.url, ...typed }, errors, t),
    groups: groups(chosen, t),
    seen: endpoint.revision,
    secret: secret ?? null,
    rows: rows.map((row) => ({
      what: t(`webhooks.kind.${row.kind}`),
      when: formatMoment(row.created_at, t.language, timeZone),
      state: t(`webhooks.delivery.${row.state}`),
      mood: row.state === 'delivered' ? 'good' : row.state === 'failed' ? 'bad' : '',
      note: noteOf(row, t, timeZone),
      again: row.state === 'waiting' || endpoint.state !== 'on' ? null : `${at}/deliveries/${row.id}`,
    })),
    next: next === null ? null : `${at}?before=${next}`,
  };
}

function noteOf({ tries, last_status, last_error, due_at, state }: Delivery, t: Staff['t'], timeZone: string): string {
  const parts = [tries > 0 ? t('webhooks.tries', { count: tries }) : ''];
  if (last_status !== null) parts.push(t('webhooks.status', { status: String(last_status) }));
  else if (last_error !== '') parts.push(t(`webhooks.error.${last_error}`));
  if (state === 'waiting' && tries > 0 && due_at !== null)
    parts.push(t('webhooks.next', { at: formatMoment(due_at, t.language, timeZone) }));
  return parts.filter(Boolean).join(', ');
}
