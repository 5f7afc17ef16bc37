import { formatMoment, formatMonth, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Page } from '../../storage/index.ts';
import { formView, hasRole, type FormView, type PlaybookNote, type Staff } from '../../web/index.ts';
import type { AlertLinkRow, Board, Candidate, ListedAlert } from './alert.ts';

export interface AlertPage {
  form: FormView;
  links: { href: string; text: string }[];
  notes: PlaybookNote[];
}

export interface AlertChoicePage {
  form: FormView;
  who: string;
  what: string;
  choices: { id: string; name: string; about: string }[];
}

export interface PublicAlertPage {
  form: FormView;
  action: string;
  /** It has just been taken. */
  sent: boolean;
}

export interface MyAlertsPage {
  rows: {
    who: string;
    what: string;
    when: string;
    became: string;
    mood: 'good' | '';
    caseLink: { href: string; text: string } | null;
  }[];
  next: string | null;
  first: string | null;
}

export interface ThanksBoardPage {
  lead: string;
  rows: { name: string; text: string; when: string }[];
  next: string | null;
  first: string | null;
}

export interface AlertLinksPage {
  form: FormView;
  rows: { name: string; about: string; revoked: string | null; poster: string; revocation: string }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'alerts/alert': AlertPage;
    'alerts/choose': AlertChoicePage;
    'alerts/public': PublicAlertPage;
    'alerts/mine': MyAlertsPage;
    'alerts/thanks': ThanksBoardPage;
    'alerts/links': AlertLinksPage;
  }
}

export const ALERT = '/alert';
export const MINE = '/alerts';
export const BOARD = '/thanks';
export const LINKS = '/alerts/links';

export function alertPage({ t, role }: Staff, notes: PlaybookNote[], typed?: unknown, errors?: FieldErrors): AlertPage {
  const manager = hasRole(role, 'manager') ? [{ href: LINKS, text: t('alerts.links') }] : [];
  return {
    form: formView(typed, errors, t),
    notes,
    links: [
      { href: MINE, text: t('alerts.mine') },
      { href: BOARD, text: t('alerts.board.link') },
      { href: '/comments', text: t('comments.title.staff') },
      ...manager,
    ],
  };
}

export function choicePage(
  { who, what }: { who: string; what: string },
  candidates: Candidate[],
  { t, errors }: { t: Translate; errors: FieldErrors | undefined },
): AlertChoicePage {
  return { form: formView({}, errors, t), who, what, choices: candidates };
}

export function publicAlertPage(
  facts: { action: string; sent: boolean; typed?: unknown; errors?: FieldErrors | undefined },
  t: Translate,
): PublicAlertPage {
  const { action, sent, typed, errors } = facts;
  return { form: formView(typed, errors, t), action, sent };
}

export function myAlertsPage(list: Page<ListedAlert>, before: string | null, staff: Staff): MyAlertsPage {
  const { t, language, timeZone } = staff;
  return {
    rows: list.rows.map((each) => ({
      who: each.who,
      what: each.alert.what,
      when: formatMoment(each.alert.created_at, language, timeZone),
      became: becameOf(each, t),
      mood: each.alert.led_to === null ? '' : 'good',
      caseLink:
        each.caseNumber === null
          ? null
          : { href: `/cases/${each.caseId}`, text: t('alerts.case', { number: String(each.caseNumber) }) },
    })),
    next: list.next === null ? null : `${MINE}?before=${list.next}`,
    first: before === null ? null : MINE,
  };
}

/** What became of it, as whoever reported it would like to hear it. */
export function becameOf({ alert, closed }: Pick<ListedAlert, 'alert' | 'closed'>, t: Translate): string {
  if (alert.led_to !== null) return t(`alerts.became.${alert.led_to}`);
  return t(closed ? 'alerts.became.closed' : alert.joined === 1 ? 'alerts.became.joined' : 'alerts.became.open');
}

export function boardPage({ quarter, thanks }: Board, cursor: string | null, staff: Staff): ThanksBoardPage {
  const { t, language, timeZone } = staff;
  return {
    lead: t('alerts.board.lead', { month: formatMonth(quarter.from, language) }),
    rows: thanks.rows.map(({ name, ledTo, at }) => ({
      name: name || t('alerts.somebody'),
      text: t(`alerts.thanks.${ledTo}`),
      when: formatMoment(at, language, timeZone),
    })),
    next: thanks.next === null ? null : `${BOARD}?after=${encodeURIComponent(thanks.next)}`,
    first: cursor === null ? null : BOARD,
  };
}

interface LinksFacts {
  links: AlertLinkRow[];
  colleagues: { id: string; name: string }[];
  typed?: unknown;
  errors?: FieldErrors | undefined;
}

export function linksPage({ links, colleagues, typed, errors }: LinksFacts, staff: Staff): AlertLinksPage {
  const { t, language, timeZone } = staff;
  const nameOf = (id: string | null) => colleagues.find((each) => each.id === id)?.name ?? t('alerts.somebody');
  const at = (moment: string) => formatMoment(moment, language, timeZone);
  return {
    form: formView(typed, errors, t),
    rows: links.map((link) => ({
      name: link.name,
      about: t('alerts.link.made', { name: nameOf(link.created_by), when: at(link.created_at) }),
      revoked:
        link.revoked_at === null
          ? null
          : t('alerts.link.revoked', { name: nameOf(link.revoked_by), when: at(link.revoked_at) }),
      poster: `${LINKS}/${link.id}/poster`,
      revocation: `${LINKS}/${link.id}/revocation`,
    })),
  };
}
