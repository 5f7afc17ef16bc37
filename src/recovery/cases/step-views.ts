import { formatLongMoment, formatMoment } from '../../i18n/index.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { nameOf } from './colleague-name.ts';
import type { Option, Rejected } from './form-state.ts';
import { dueWords, type Due } from './due-words.ts';
import type { CaseFacts } from './reading.ts';
import { nextOf } from './rules.ts';
import { chosenIn, enclosables, type Enclosable, type StepMail } from './step-mail.ts';
import { CHANNELS, mayUndo } from './steps.ts';
import type { StepRow } from './thread-store.ts';
import { wishOf } from './wish.ts';

export interface StepView {
  key: string;
  mark: string;
  state: 'done' | 'now' | '';
  heading: string;
  due: (Due & { soft: string }) | null;
  /** What was said, or why it was skipped. */
  said: string;
  signed: string;
  /** `warning`: what taking it back does not undo. */
  undo: { action: string; warning: string } | null;
  form: StepForm | null;
}

interface StepForm {
  action: string;
  skipAction: string;
  open: boolean;
  form: FormView;
  skip: FormView;
  label: string;
  hint: string;
  /** Words to begin with, in the customer's language. */
  starter: string;
  /** The page with those words in the field. */
  begin: string;
  language: string;
  channels: Option[];
  tone: string[];
  /** To send the words at once; null where nobody can be written to. */
  mail: { name: string; address: string; given: string; offers: Enclosable[] } | null;
}

export interface StepsGiven {
  rejected?: Rejected | undefined;
  /** Where their words can go as a mail. */
  stepMail?: StepMail | null;
  /** The step whose first words were asked for. */
  begin?: unknown;
}

/** The five steps of the round that goes on. */
export function stepViews(
  facts: CaseFacts,
  staff: Staff,
  { rejected, stepMail = null, begin }: StepsGiven,
): StepView[] {
  const { theCase, steps } = facts;
  const round = steps.filter((each) => each.round === theCase.round);
  const open = round
    .filter((each) => each.state === 'open')
    .map(({ step, position, due_at }) => ({ step, position, dueAt: due_at }));
  const next = theCase.closedAt === null ? nextOf(open)?.step : undefined;
  return round.map((row) =>
    stepView(row, { facts, staff, rejected, stepMail, isNext: row.step === next, begins: row.step === begin }),
  );
}

interface Given {
  facts: CaseFacts;
  staff: Staff;
  rejected: Rejected | undefined;
  stepMail: StepMail | null;
  isNext: boolean;
  /** The words to begin with stand in the field. */
  begins: boolean;
}

function stepView(row: StepRow, given: Given): StepView {
  const { facts, staff, isNext } = given;
  const isOpen = row.state === 'open';
  const may = facts.theCase.closedAt === null && mayUndo(row, staff.id, facts.now);
  return {
    key: row.step,
    mark: row.state === 'done' ? '✓' : row.state === 'skipped' ? '–' : String(row.position),
    state: isOpen ? (isNext ? 'now' : '') : 'done',
    heading: staff.t(`cases.step.${row.step}`),
    due: isOpen ? dueOf(row, facts, staff) : null,
    said: row.said,
    signed: signedWords(row, facts, staff),
    undo: may ? undoOf(row, facts, staff) : null,
    form: isOpen && facts.theCase.closedAt === null ? formOf(row, given) : null,
  };
}

function undoOf({ step, channel }: StepRow, { theCase }: CaseFacts, { t }: Staff): StepView['undo'] {
  const warning = channel === 'mail' ? t('cases.step.undo.mail') : '';
  return { action: `/cases/${theCase.id}/steps/${step}/undo`, warning };
}

function dueOf(row: StepRow, { company, now, theCase }: CaseFacts, { t, language, timeZone }: Staff): StepView['due'] {
  if (theCase.closedAt !== null) return null;
  const due = dueWords(company, now, row.due_at, t);
  const when = formatLongMoment(row.due_at, language, timeZone);
  return { ...due, soft: t(due.mood === 'late' ? 'cases.step.wasDue' : 'cases.step.isDue', { when }) };
}

function signedWords(row: StepRow, { colleagues }: CaseFacts, { t, language, timeZone }: Staff): string {
  if (row.at === null) return '';
  const name = nameOf(row.account_id, colleagues, t);
  const when = formatMoment(row.at, language, timeZone);
  if (row.state === 'skipped') return t('cases.step.skippedBy', { name, when });
  const late = row.at > row.due_at ? ` ${t('cases.step.late')}` : '';
  return `${t('cases.step.signedBy', { name, when, channel: t(`cases.channel.${row.channel}`) })}${late}`;
}

function formOf(row: StepRow, given: Given): StepForm {
  const { facts, staff, rejected, isNext, begins } = given;
  const { t } = staff;
  const { step } = row;
  const { theCase } = facts;
  const name = `step.${step}`;
  const own = rejected?.form === name ? rejected : undefined;
  const skipped = rejected?.form === `skip.${step}` ? rejected : undefined;
  const starter = facts.starters[step] ?? '';
  const blank = { [`channel_${step}`]: likelyChannel(facts, given.stepMail), [`said_${step}`]: begins ? starter : '' };
  const form = own ? formView(own.typed, own.errors, t) : formView(blank, undefined, t);
  return {
    action: `/cases/${theCase.id}/steps/${step}`,
    skipAction: `/cases/${theCase.id}/steps/${step}/skip`,
    open: isNext || own !== undefined || begins,
    form,
    mail: mailOf(step, form, own !== undefined, given),
    skip: formView(skipped?.typed, skipped?.errors, t),
    label: t(`cases.step.${step}.ask`),
    hint: t(`cases.step.${step}.hint`),
    starter,
    begin: `/cases/${theCase.id}?begin=${step}#step-${step}`,
    language: theCase.language,
    channels: CHANNELS.map((value) => ({ value, text: t(`cases.channel.${value}`) })),
    tone: (own?.tone ?? []).map(({ fault, words }) => t(`cases.tone.${fault}`, { words })),
  };
}

/** As they asked for; and nobody is telephoned without a number. */
function likelyChannel({ theCase, customer, events }: CaseFacts, stepMail: StepMail | null): (typeof CHANNELS)[number] {
  const number = customer ? customer.telephone : theCase.contact.telephone;
  return stepMail && (!number || wishOf(events) === 'mail') ? 'mail' : 'telephone';
}

/** What was given is offered where it makes good; a later step may speak of it again. */
function mailOf(step: string, form: FormView, isBack: boolean, { stepMail, staff }: Given): StepForm['mail'] {
  if (!stepMail) return null;
  const [name, given] = [`mail_${step}`, `given_${step}`];
  const promised = step === 'make_good' || step === 'follow_up' ? stepMail.promised : [];
  return {
    name,
    given,
    address: stepMail.address,
    offers: enclosables(promised, chosenIn(form, given, isBack), staff),
  };
}
