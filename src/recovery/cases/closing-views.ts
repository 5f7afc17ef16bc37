import { type FormView, type Staff } from '../../web/index.ts';
import { moment, type Forms, type Option } from './form-state.ts';
import type { CaseFacts } from './reading.ts';
import type { RemedyRow } from './remedy-store.ts';
import { hasSteps, mayBeHeard } from './rules.ts';

export interface ClosingView {
  form: FormView;
  causes: Option[];
  outcomes: Option[];
  open: string[];
  /** What closing leaves as it is: waiting for a yes or no that nobody says any more, or granted and not arrived. */
  left: { about: string; what: string[] }[];
  asks: string;
}

export interface ClosedView {
  lines: string[];
  /** The case that it was put into. */
  into: { href: string; text: string } | null;
  /** What the customer told a colleague; null where they have said yes already, or are not asked. */
  heard: { form: FormView; answers: Option[] } | null;
  reopen: FormView;
  mayReopen: boolean;
}

export const ROOT_CAUSES = ['delay', 'quality', 'promise', 'information', 'contact', 'billing', 'supplier', 'other'];
/** What stands for the action where a conversation ended by itself. */
export const NOTHING = '–';
export const OUTCOMES = ['put_right', 'partly', 'not_possible'];

/** What closing it takes. */
export function closingOf(facts: CaseFacts, { t }: Staff, forms: Forms): ClosingView {
  const { theCase, steps, customer } = facts;
  const open = steps.filter((each) => each.round === theCase.round && each.state === 'open');
  const address = theCase.customerId === null ? theCase.contact.email : customer?.email;
  return {
    form: forms('closing', { rootCause: theCase.rootCause, action: theCase.action }),
    causes: pick('rootCause', ROOT_CAUSES, t),
    outcomes: pick('outcome', OUTCOMES, t),
    open: open.map(({ step }) => t(`cases.step.${step}`)),
    left: [
      { about: t('cases.closing.undecided'), what: whatIs('proposed', facts) },
      { about: t('cases.closing.owed'), what: whatIs('approved', facts) },
    ].filter(({ what }) => what.length > 0),
    asks: address ? t('cases.closing.asks', { address }) : t('cases.closing.noAddress'),
  };
}

const whatIs = (wanted: RemedyRow['state'], { remedies }: CaseFacts): string[] =>
  remedies.filter(({ state }) => state === wanted).map(({ what }) => what);

const pick = (group: string, values: string[], t: Staff['t']): Option[] => [
  { value: '', text: t('cases.closing.choose') },
  ...values.map((value) => ({ value, text: t(`cases.${group}.${value}`) })),
];

/** What is said of a closed one. */
export function closedOf(facts: CaseFacts, staff: Staff, forms: Forms): ClosedView {
  const { theCase, into, settings } = facts;
  const { t } = staff;
  const reopen = forms('reopen');
  if (into) {
    const text = t('cases.closed.merged', { number: String(into.number) });
    return { lines: [], into: { href: `/cases/${into.id}`, text }, heard: null, reopen, mayReopen: false };
  }
  const said = (group: string, key: string) => {
    const text = t(`cases.${group}.${key}`);
    return text === `cases.${group}.${key}` ? key : text;
  };
  const lines = [
    `${t('cases.closing.rootCause')}: ${said('rootCause', theCase.rootCause)}`,
    theCase.action === NOTHING ? '' : `${t('cases.closing.action')}: ${theCase.action}`,
    `${t('cases.closing.outcome')}: ${said('outcome', theCase.outcome)}`,
    settledWords(facts, staff, settings.silentDays),
  ];
  const heard = mayBeHeard(theCase) ? { form: forms('heard'), answers: pick('heard', ['yes', 'no'], t) } : null;
  return { lines: lines.filter(Boolean), into: null, heard, reopen, mayReopen: true };
}

/** What the customer says of it, and where nobody asked them, why. */
function settledWords({ theCase, events, colleagues }: CaseFacts, staff: Staff, silentDays: number): string {
  const { t } = staff;
  if (!hasSteps(theCase.kind)) return '';
  if (theCase.settled === 'yes') {
    const by = events.find(({ kind }) => kind === 'confirmed')?.account_id;
    const name = colleagues.find(({ id }) => id === by)?.name ?? '';
    return t(`cases.settled.${name ? 'heard' : 'yes'}`, { when: moment(theCase.settledAt ?? '', staff), name });
  }
  if (theCase.settled === 'silent') return t('cases.settled.silent', { count: silentDays });
  if (theCase.noQuestion === 'no_address') return t('cases.settled.noAddress');
  if (theCase.noQuestion !== '') return t('cases.settled.notAsked', { why: theCase.noQuestion });
  return theCase.askedAt === null ? '' : t('cases.settled.asked', { when: moment(theCase.askedAt, staff) });
}
