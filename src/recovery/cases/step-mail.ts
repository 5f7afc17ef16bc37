import { formatDay } from '../../i18n/index.ts';
import type { FormView, Staff } from '../../web/index.ts';
import { promisedWords, type Promised } from '../offers/telling.ts';
import type { RecoveryWeb } from '../web.ts';
import type { RecoveryCase } from './interface.ts';

/** Where what is said in a step can go as a mail, and what was given that it can speak of. */
export interface StepMail {
  address: string;
  promised: Promised[];
}

/** A gift that a letter can speak of, as a checkbox. */
export interface Enclosable {
  id: string;
  text: string;
  checked: boolean;
}

/** Null where nobody can be written to. */
export async function stepMailOf({ recovery, storage }: RecoveryWeb, theCase: RecoveryCase): Promise<StepMail | null> {
  if (theCase.closedAt !== null) return null;
  const { to, suppressed } = await recovery.mail.recipient(storage.read, theCase);
  if (!to || suppressed) return null;
  return { address: to.email, promised: await recovery.offers.promisedIn(storage.read, theCase) };
}

/** What was given in the case; `chosen` is what was ticked before, if the form comes back. */
export function enclosables(promised: Promised[], chosen: string | undefined, staff: Staff): Enclosable[] {
  const { t, language } = staff;
  const told = ({ toldAt }: Promised) =>
    toldAt === null ? '' : ` (${t('casemail.enclose.told', { day: formatDay(toldAt.slice(0, 10), language) })})`;
  return promised.map((each) => ({
    id: each.id,
    text: `${promisedWords(each, t)}${told(each)}`,
    checked: chosen === undefined ? each.toldAt === null : chosen.split(',').includes(each.id),
  }));
}

/** What was ticked, where the form has come back. */
export const chosenIn = (form: FormView, name: string, isBack: boolean): string | undefined =>
  isBack ? (form.values[name] ?? '') : undefined;
