import { formatMoment, languageName, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView, type Staff } from '../web/index.ts';
import type { AuditRow } from './audit-store.ts';
import type { Choice } from './choices.ts';
import type { Colleague, Looked } from './interface.ts';
import type { Person, PersonState } from './people-service.ts';
import type { TokenRow } from './token-store.ts';
import { languageChoices, roleChoices, roleName } from './views.ts';

export interface PeoplePage {
  form: FormView;
  rows: { href: string; name: string; title: string; email: string; role: string; state: string; mood: string }[];
  roles: Choice[];
  languages: Choice[];
  captured: boolean;
}

export interface PersonPage {
  name: string;
  lead: string;
  path: string;
  looked: Looked | null;
  facts: { term: string; text: string }[];
  form: FormView;
  roles: Choice[];
  /** What is said to them on their own page here; null on others'. */
  me: string | null;
  canChangeRole: boolean;
  canInvite: boolean;
  canDeactivate: boolean;
  canReactivate: boolean;
}

export interface TokensPage {
  form: FormView;
  roles: Choice[];
  made: { name: string; token: string } | null;
  rows: { name: string; role: string; made: string; used: string; revoked: string | null; path: string }[];
}

export interface AuditPage {
  rows: { when: string; who: string; what: string; subject: Choice | null; about: string }[];
  form: FormView;
  people: Choice[];
  more: string | null;
  first: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'accounts/people': PeoplePage;
    'accounts/person': PersonPage;
    'accounts/tokens': TokensPage;
    'accounts/audit': AuditPage;
  }
}

const MOODS: Record<PersonState, string> = { active: 'good', invited: '', lapsed: 'late', deactivated: '' };

const pathOf = (id: string) => `/settings/people/${id}`;

export function peoplePage(
  people: Person[],
  { t, captured, language }: { t: Translate; captured: boolean; language: string },
  typed?: unknown,
  errors?: FieldErrors,
): PeoplePage {
  return {
    form: formView(typed ?? { role: 'staff', language }, errors, t),
    rows: people.map(({ id, name, title, email, role, state }) => ({
      href: pathOf(id),
      name,
      title,
      email,
      role: roleName(role, t),
      state: t(`accounts.state.${state}`),
      mood: MOODS[state],
    })),
    roles: roleChoices(t),
    languages: languageChoices(),
    captured,
  };
}

export function personPage(
  person: Person & { isOnlyAdministrator: boolean },
  looked: Looked | null,
  staff: Staff,
  typed?: unknown,
  errors?: FieldErrors,
): PersonPage {
  const { t } = staff;
  const { id, name, title, email, role, language, state } = person;
  const isMe = id === staff.id;
  const facts = [
    { term: t('accounts.email'), text: email },
    { term: t('accounts.title'), text: title },
    { term: t('accounts.role'), text: roleName(role, t) },
    { term: t('accounts.language'), text: languageName(language) },
  ];
  const hasJoined = state === 'active';
  return {
    name,
    lead: t(`accounts.state.${state}.lead`, { name }),
    path: pathOf(id),
    looked,
    facts: facts.filter(({ text }) => text !== ''),
    form: formView(typed ?? { role }, errors, t),
    roles: roleChoices(t),
    me: isMe ? t(person.isOnlyAdministrator ? 'accounts.people.onlyAdministrator' : 'accounts.people.isMe') : null,
    canChangeRole: !isMe && state !== 'deactivated',
    canInvite: !isMe && !hasJoined && !(state === 'deactivated'),
    canDeactivate: !isMe && state !== 'deactivated',
    canReactivate: !isMe && state === 'deactivated',
  };
}

export function tokensPage(
  tokens: TokenRow[],
  { t, language, timeZone }: Staff,
  { made = null, typed, errors }: { made?: TokensPage['made']; typed?: unknown; errors?: FieldErrors } = {},
): TokensPage {
  const at = (moment: string) => formatMoment(moment, language, timeZone);
  return {
    form: formView(typed ?? { role: 'staff' }, errors, t),
    roles: roleChoices(t),
    made,
    rows: tokens.map((token) => ({
      name: token.name,
      role: roleName(token.role, t),
      made: at(token.created_at),
      used: token.last_used_at ? at(token.last_used_at) : t('accounts.tokens.never'),
      revoked: token.revoked_at ? t('accounts.tokens.revoked', { when: at(token.revoked_at) }) : null,
      path: `/settings/tokens/${token.id}/revocation`,
    })),
  };
}

/** Where the things stand that entries speak of. */
const SUBJECTS: Record<string, (id: string) => string> = {
  account: pathOf,
  customer: (id) => `/customers/${id}`,
  wave: (id) => `/waves/${id}`,
  questionnaire: (id) => `/questionnaires/${id}`,
};

interface AuditGiven {
  entries: AuditRow[];
  next: string | null;
  person: string | null;
  before: string | null;
  colleagues: Colleague[];
  tokens: TokenRow[];
}

export function auditPage(given: AuditGiven, { t, language, timeZone }: Staff): AuditPage {
  const { entries, next, person, before, colleagues, tokens } = given;
  const names = new Map([...colleagues, ...tokens].map(({ id, name }) => [id, name]));
  const filter = person ? `person=${person}&` : '';
  return {
    rows: entries.map((entry) => ({
      when: formatMoment(entry.at, language, timeZone),
      who: names.get(entry.actor_id ?? '') ?? t(`accounts.actor.${entry.actor_kind}`),
      what: inWords(entry, t),
      ...subjectOf(entry, names, t),
    })),
    form: formView({ person: person ?? '' }, undefined, t),
    people: [
      { value: '', text: t('accounts.audit.everybody') },
      ...colleagues.map(({ id, name }) => ({ value: id, text: name })),
    ],
    more: next ? `/settings/audit?${filter}before=${next}` : null,
    first: before ? `/settings/audit${person ? `?person=${person}` : ''}` : null,
  };
}

/** 'customers.imported' is said by the text 'customers.audit.imported'; what nobody has put into words stands as it is. */
function inWords({ action, detail }: AuditRow, t: Translate): string {
  const key = action.replace('.', '.audit.');
  const said = t(key, JSON.parse(detail) as Record<string, string | number>);
  return said === key ? action : said;
}

function subjectOf({ subject_kind, subject_id }: AuditRow, names: Map<string, string>, t: Translate) {
  if (!subject_id) return { subject: null, about: '' };
  const name = names.get(subject_id);
  const href = SUBJECTS[subject_kind]?.(subject_id);
  const text = name ?? t('accounts.audit.open');
  return href ? { subject: { value: href, text }, about: '' } : { subject: null, about: name ?? '' };
}
