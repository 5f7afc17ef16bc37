import type { Staff } from '../../web/index.ts';
import { ANSWER_MAIL, MAIL_RETURNED } from '../mail/rules.ts';
import { dueWords, type Due } from './due-words.ts';
import type { CaseFacts } from './reading.ts';
import { mayBeHeard, STEPS } from './rules.ts';

export interface NextView {
  /** What Today says is next; empty where nothing is. Of a closed case: what may still come. */
  text: string;
  /** Where that is done; null where it has no place of its own. */
  href: string | null;
  due: Due | null;
}

/** What is due in a case, and where: the page is long, and what waits stands far down. */
export function nextView({ theCase, company, now }: CaseFacts, { t }: Staff): NextView | null {
  const { id, nextStep, nextDueAt, closedAt } = theCase;
  if (mayBeHeard(theCase)) return { due: null, text: t('cases.heard'), href: '#heard' };
  if (nextDueAt === null || closedAt !== null) return null;
  const due = dueWords(company, now, nextDueAt, t);
  return { due, text: nextStep === null ? '' : t(`today.step.${nextStep}`), href: placeOf(id, nextStep ?? '') };
}

function placeOf(id: string, step: string): string | null {
  if (step === ANSWER_MAIL || step === MAIL_RETURNED) return '#casemail';
  if (step === 'close') return '#closing';
  if (step === 'win_back') return `/cases/${id}/call`;
  if (step.startsWith('payment_')) return `/cases/${id}/plan`;
  return STEPS.some((each) => each === step) ? `#step-${step}` : null;
}
