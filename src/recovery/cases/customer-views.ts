import type { FieldErrors } from '../../shared/errors.ts';
import { formatDay, type Translate } from '../../i18n/index.ts';
import { dayIn } from '../../shared/dates.ts';
import { formView, type FormView } from '../../web/index.ts';
import { promisedWords, type Promised } from '../offers/telling.ts';
import type { CaseOrigin, RecoveryCase } from './interface.ts';
import { hasSteps } from './rules.ts';
import type { Written } from './settling.ts';

export interface CustomerCasePage {
  heading: string;
  lead: string[];
  noted: string | null;
  summary: FormView;
  words: { text: string; language: string };
  /** What they wrote here since, oldest first. */
  written: { text: string; about: string; state: string }[];
  /** What happens with it; '' where nothing waits for us. */
  next: string;
  whatWeDid: string;
  /** What we have promised them in this case and they have not used yet. */
  promised: string[];
  /** Null where there is nothing to confirm. */
  settled: string | null;
  /** What they may write: that it is not quite settled, or something more. */
  more: { action: string; heading: string; label: string; hint: string; button: string; form: FormView } | null;
  propose: { action: string; form: FormView } | null;
  footnote: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/customer-case': CustomerCasePage;
  }
}

interface CustomerCaseGiven {
  theCase: RecoveryCase;
  /** The address of this page. */
  path: string;
  /** '' or '?lang=de'. */
  query: string;
  owner: string | undefined;
  noted: boolean;
  promised: Promised[];
  written: Written[];
  timeZone: string;
  now: string;
  errors?: { form: 'more' | 'proposal'; typed: unknown; errors: FieldErrors } | undefined;
}

/** What a colleague wrote for colleagues is none of the customer's words. */
const STAFF_WORDS: ReadonlySet<CaseOrigin> = new Set<CaseOrigin>(['alert', 'list', 'invoice']);

export function customerCasePage(given: CustomerCaseGiven, t: Translate): CustomerCasePage {
  const { theCase, path, query, noted, errors } = given;
  const isClosed = theCase.closedAt !== null;
  const isSettled = theCase.settled === 'yes';
  const formOf = (form: 'more' | 'proposal') =>
    errors?.form === form ? formView(errors.typed, errors.errors, t) : formView({}, undefined, t);
  const ofCase = (key: string) => t(`cases.public.${key}`);
  const asks = isClosed && !isSettled && hasSteps(theCase.kind);
  return {
    heading: isSettled ? ofCase('thanks') : asks ? ofCase('ask') : ofCase('working'),
    lead: isSettled ? [ofCase('thanks.text')] : asks ? [] : workingLead(given, t),
    noted: noted && !isSettled ? ofCase('done') : null,
    summary: errors ? formOf(errors.form) : formView({}, undefined, t),
    words: { text: STAFF_WORDS.has(theCase.origin) ? '' : theCase.words, language: theCase.language },
    written: given.written.map((each) => writtenView(each, given, t)),
    next: given.written.length > 0 && !isClosed ? nextOf(given, t) : '',
    whatWeDid: isClosed ? theCase.action : '',
    promised: given.promised.map((each) => promisedWords(each, t)),
    settled: asks ? `${path}/settled${query}` : null,
    more: {
      action: `${path}/words${query}`,
      heading: isClosed && !isSettled ? ofCase('notQuite') : '',
      label: isSettled ? ofCase('thanks.again') : isClosed ? ofCase('notQuite.label') : ofCase('add.label'),
      hint: asks ? ofCase('notQuite.hint') : '',
      button: isClosed ? ofCase('notQuite.button') : ofCase('add.button'),
      form: formOf('more'),
    },
    propose:
      isSettled || !hasSteps(theCase.kind) ? null : { action: `${path}/proposal${query}`, form: formOf('proposal') },
    footnote: asks ? footnoteOf(given, t) : '',
  };
}

/** Without an answer nothing happens, and nobody is asked twice; who comes late is welcome all the same. */
function footnoteOf({ theCase: { settled, askedAt }, timeZone }: CustomerCaseGiven, t: Translate): string {
  if (settled !== 'silent' || askedAt === null) return t('cases.public.nothing');
  return t('cases.public.silent', { day: formatDay(dayIn(timeZone, new Date(askedAt)), t.language) });
}

function writtenView({ kind, words, at, proposal }: Written, { timeZone }: CustomerCaseGiven, t: Translate) {
  const day = (moment: string) => formatDay(dayIn(timeZone, new Date(moment)), t.language);
  return {
    text: words,
    about: t(`cases.public.said.${kind}`, { day: day(at) }),
    state: proposal ? t(`cases.public.idea.${proposal.state}`, { day: day(proposal.at) }) : '',
  };
}

/** Who gets back to them, and by when; a day that has passed is not promised. */
function nextOf({ theCase, owner, now, timeZone }: CustomerCaseGiven, t: Translate): string {
  const { nextDueAt: due } = theCase;
  const day = due !== null && due > now ? formatDay(dayIn(timeZone, new Date(due)), t.language) : '';
  const key = `cases.public.next${owner === undefined ? '' : '.with'}${day ? '.by' : ''}`;
  return t(key, { name: owner ?? '', day });
}

function workingLead({ theCase, owner }: CustomerCaseGiven, t: Translate): string[] {
  const number = t('cases.public.working.lead', { number: String(theCase.number) });
  return owner ? [`${t('cases.public.working.with', { name: owner })} ${number}`] : [number];
}
