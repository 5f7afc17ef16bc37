import { greetingLine } from '../../customers/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { isId, newId } from '../../shared/ids.ts';
import type { Staff } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { recipientOf } from '../cases/question-mail.ts';
import type { Decisions } from '../decisions/waiting.ts';
import type { RecoveryDeps } from '../deps.ts';
import { foundAnswers } from './found.ts';
import type { Library } from './interface.ts';
import * as rows from './library-store.ts';
import { createLibraryPages, type LibraryPages } from './pages-service.ts';
import { pickView } from './pick-views.ts';
import { filled, ranked, type Placeholder } from './rules.ts';

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'texts' | 'accounts' | 'customers'> & { decisions: Decisions };

const NOBODY = { title: '', givenName: '', familyName: '', organisation: '', greeting: '' };

/** The same answer to the same question every time: written once, approved, found by typing. */
export function createLibrary(deps: Deps): Library & LibraryPages {
  const { storage, clock, accounts } = deps;
  const { read } = storage;

  async function pick(theCase: RecoveryCase, asked: { answer?: unknown; insert?: unknown }, staff: Staff) {
    const typed = typeof asked.answer === 'string' ? asked.answer.slice(0, 200) : '';
    const all = await foundAnswers(read);
    const chosen = all.find(({ textId }) => textId === asked.insert);
    const view = pickView({ theCase, typed, all: ranked(all, typed), chosen, today: await today() }, staff);
    const inserted = chosen && {
      textId: chosen.textId,
      question: chosen.question,
      text: filled(chosen.body, await valuesFor(theCase, chosen.language, staff)),
    };
    return { view, inserted: inserted ?? null };
  }

  async function valuesFor(
    theCase: RecoveryCase,
    language: string,
    staff: Staff,
  ): Promise<Record<Placeholder, string>> {
    const { customerId, contact, number } = theCase;
    const known = customerId === null ? undefined : (await deps.customers.forMail(read, [customerId])).get(customerId);
    const greeted = recipientOf(theCase, known) ?? NOBODY;
    const name = [greeted.givenName, greeted.familyName].filter(Boolean).join(' ');
    const company = await accounts.company();
    return {
      greeting: greetingLine(greeted, deps.texts.to(language)),
      name: name || contact.name,
      company: company.name,
      telephone: company.telephone,
      colleague: staff.name,
      case: String(number),
    };
  }

  async function today(): Promise<string> {
    return dayIn((await accounts.company()).timeZone, clock.now());
  }

  return {
    ...createLibraryPages(deps),
    pick,
    approved: () => foundAnswers(read),
    async noteUse(tx, actor, { textId, caseId }) {
      const text = isId(textId) ? await rows.findText(tx, textId) : undefined;
      if (text?.state !== 'approved' && text?.state !== 'replaced') return;
      await rows.insertUse(tx, useRow(newId(clock), text, caseId, actor, timestamp(clock)));
    },
    overdueOf: async (ownerId) => await rows.countOverdue(read, ownerId, await today()),
  };
}

function useRow(id: string, text: rows.TextRow, caseId: string, actor: Actor, at: string) {
  return {
    id,
    answer_id: text.answer_id,
    text_id: text.id,
    case_id: caseId,
    account_id: accountOf(actor),
    used_at: at,
  };
}
