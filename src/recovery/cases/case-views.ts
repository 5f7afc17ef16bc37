import { formatDay, formatLongMoment } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import { partsOf, type SaidPart } from './answered-words.ts';
import { closedOf, closingOf, type ClosedView, type ClosingView } from './closing-views.ts';
import { threadOf, type ThreadLine } from './event-views.ts';
import { firstWords } from './first-words.ts';
import { formsFor, moment, type Forms, type Option } from './form-state.ts';
import { nextView, type NextView } from './next-views.ts';
import type { CasePanel } from './panel.ts';
import { caseName, type CaseFacts } from './reading.ts';
import { REMEDIES } from './remedies.ts';
import { remedyRows, type RemedyView } from './remedy-views.ts';
import { hasSteps } from './rules.ts';
import { stepViews, type StepsGiven, type StepView } from './step-views.ts';
import { worthOf, type WorthView } from './worth-views.ts';

export interface CasePage {
  path: string;
  revision: string;
  name: string;
  customerHref: string | null;
  head: string;
  tags: { text: string; mood: string }[];
  next: NextView | null;
  notice: string | null;
  /** What somebody typed who came second. */
  kept: string[];
  summary: FormView;
  said: {
    heading: string;
    words: SaidPart[];
    language: string;
    source: string;
    first: { heading: string; words: SaidPart[] } | null;
  };
  isOpen: boolean;
  steps: StepView[] | null;
  remedies: { rows: RemedyView[]; form: FormView; kinds: Option[]; limit: string } | null;
  exceptions: { form: FormView; urgent: boolean; hurry: FormView } | null;
  note: FormView;
  /** `take`: the reader, where the case is nobody's yet. */
  owner: { form: FormView; options: Option[]; from: string; text: string; take: string | null };
  snooze: { form: FormView; until: string | null };
  closing: ClosingView | null;
  closed: ClosedView | null;
  /** `options`: what it may be a duplicate of; null where nobody knows whose it is, and a number has to be typed. */
  merge: { form: FormView; options: Option[] | null } | null;
  worth: WorthView;
  panels: CasePanel[];
  thread: ThreadLine[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/case': CasePage;
    'recovery/case-steps': CasePage;
    'recovery/case-panel': CasePanel;
    'recovery/case-handling': CasePage;
  }
}

interface PageGiven extends StepsGiven {
  panels: CasePanel[];
  /** Said above: what happened meanwhile. */
  notice?: string | null;
}

export function casePage(facts: CaseFacts, staff: Staff, given: PageGiven): CasePage {
  const { panels, rejected, notice = null } = given;
  const { theCase } = facts;
  const { t } = staff;
  const forms = formsFor(rejected, staff);
  const isOpen = theCase.closedAt === null;
  return {
    path: `/cases/${theCase.id}`,
    revision: String(theCase.revision),
    name: caseName(theCase, facts.customer, t('cases.nobody')),
    customerHref: theCase.customerId === null ? null : `/customers/${theCase.customerId}`,
    head: headOf(facts, staff),
    tags: tagsOf(facts, staff),
    next: nextView(facts, staff),
    notice,
    kept: notice === null ? [] : typedTexts(rejected?.typed),
    summary: rejected ? forms(rejected.form) : formView({}, undefined, t),
    said: saidOf(facts, staff),
    isOpen,
    steps: hasSteps(theCase.kind) ? stepViews(facts, staff, given) : null,
    remedies: remediesOf(facts, staff, forms),
    exceptions: isOpen ? { form: forms('exception'), urgent: theCase.urgent, hurry: forms('hurry') } : null,
    note: forms('note'),
    owner: ownerOf(facts, staff, forms),
    snooze: {
      form: forms('snooze'),
      until:
        theCase.snoozedUntil !== null && theCase.snoozedUntil > facts.now ? moment(theCase.snoozedUntil, staff) : null,
    },
    closing: isOpen && hasSteps(theCase.kind) ? closingOf(facts, staff, forms) : null,
    closed: isOpen ? null : closedOf(facts, staff, forms),
    merge: isOpen ? mergeOf(facts, forms) : null,
    worth: worthOf(facts, staff),
    panels,
    thread: threadOf(facts, staff),
  };
}

const NOT_TYPED = /^(csrf|once|from|revision|owner|kind|rootCause|outcome|answer|anyway|(channel|mail|given)_)/;

const typedTexts = (typed: unknown): string[] =>
  Object.entries((typed ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' && !NOT_TYPED.test(name) ? [value] : [],
  );

function headOf({ theCase, colleagues }: CaseFacts, staff: Staff): string {
  const { t, language, timeZone } = staff;
  const owner = colleagues.find((each) => each.id === theCase.ownerId);
  const whose =
    owner === undefined
      ? t('cases.head.nobodys')
      : owner.id === staff.id
        ? t('cases.head.yours')
        : t('cases.head.with', { name: owner.name });
  const opened = t(`cases.head.opened.${theCase.origin}`, {
    when: formatLongMoment(theCase.openedAt, language, timeZone),
  });
  const what = t('cases.head.what', {
    kind: t(`cases.kind.${theCase.kind}`),
    number: String(theCase.number),
    state: t(`cases.state.${theCase.state}`),
  });
  return `${what}, ${whose}. ${opened}`;
}

function tagsOf({ theCase, tags }: CaseFacts, { t }: Staff): CasePage['tags'] {
  const own = tags.map((text) => ({ text, mood: '' }));
  return theCase.urgent ? [{ text: t('cases.urgent'), mood: 'bad' }, ...own] : own;
}

/** What they said last stands first: it is what the colleague has to go by. */
function saidOf({ theCase, customer, colleagues, events, voices }: CaseFacts, staff: Staff): CasePage['said'] {
  const { t } = staff;
  const by = colleagues.find((each) => each.id === theCase.openedBy)?.name;
  const name = caseName(theCase, customer, t('cases.nobody'));
  const { language, origin } = theCase;
  const words = partsOf(theCase.words, voices);
  // A letter they wrote themselves; a colleague has only put it into a case.
  const isNoted = words.length > 0 && origin !== 'mail';
  const source = isNoted && by ? t('cases.writtenDown', { name: by }) : theCase.summary;
  const again = events.find(({ kind }) => kind === 'notQuite');
  if (!again?.words)
    return {
      heading: words.length > 0 ? t('cases.said', { name }) : t('cases.about'),
      words,
      language,
      source,
      first: null,
    };
  const first = words.length > 0 ? { heading: t('cases.said.first', { name }), words } : null;
  const heading = t(theCase.settled === 'yes' ? 'cases.said.before' : 'cases.said.now', { name });
  return { heading, words: partsOf(again.words, []), language, source, first };
}

function ownerOf({ theCase, colleagues, away }: CaseFacts, staff: Staff, forms: Forms): CasePage['owner'] {
  const { t } = staff;
  const until = (id: string) => away.get(id);
  const label = ({ id, name }: { id: string; name: string }) => {
    const day = until(id);
    return day ? t('cases.owner.away', { name, day: formatDay(day, staff.language) }) : name;
  };
  const people = colleagues.filter((each) => each.active).map((each) => ({ value: each.id, text: label(each) }));
  const owner = colleagues.find((each) => each.id === theCase.ownerId);
  return {
    form: forms('owner', { owner: theCase.ownerId ?? '' }),
    options: [{ value: '', text: t('cases.owner.nobody') }, ...people],
    from: theCase.ownerId ?? '',
    text: owner ? label(owner) : t('cases.owner.nobody'),
    take: theCase.ownerId === null && theCase.closedAt === null ? staff.id : null,
  };
}

const SHOWN_WORDS = 80;

function mergeOf({ theCase, alike }: CaseFacts, forms: Forms): CasePage['merge'] {
  if (theCase.customerId === null) return { form: forms('merge'), options: null };
  if (alike.length === 0) return null;
  const options = alike.map(({ number, summary, words }) => ({
    value: String(number),
    text: [number, firstWords(summary || words, SHOWN_WORDS)].filter(Boolean).join(': '),
  }));
  return { form: forms('merge'), options };
}

function remediesOf(facts: CaseFacts, staff: Staff, forms: Forms): CasePage['remedies'] {
  const { t, currency, language, role } = staff;
  if (!hasSteps(facts.theCase.kind)) return null;
  const limit = formatMoney(facts.settings.staffLimitMinor, currency, language);
  return {
    rows: remedyRows(facts, staff, forms),
    form: forms('remedy', { kind: 'promise' }),
    kinds: REMEDIES.map((value) => ({ value, text: t(`cases.remedy.${value}`) })),
    limit: hasRole(role, 'manager') ? '' : t('cases.remedy.limit', { amount: limit }),
  };
}
