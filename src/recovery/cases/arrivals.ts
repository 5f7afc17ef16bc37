import { SYSTEM } from '../../shared/actor.ts';
import type { Customer } from '../../customers/index.ts';
import type { AnswerValue } from '../../questionnaires/index.ts';
import type { Found, Response, Submitted } from '../../responses/index.ts';
import type { Tx } from '../../storage/index.ts';
import { whyOf, wordsOf, type Why } from './arrival-rules.ts';
import { programmeId } from '../winback/standing-store.ts';
import { findCause } from './case-store.ts';
import type { CaseContext } from './context.ts';
import type { Cases } from './interface.ts';
import { readSettings } from './settings.ts';

const LEAVING = 'leaving';

/** Answers open cases, in the transaction that keeps them. */
export function createArrivals(context: CaseContext, cases: Cases) {
  const { deps } = context;
  const { customers, texts, accounts, invitations } = deps;

  const known = async (tx: Tx, { customerId }: Response): Promise<Customer | undefined> => {
    const customer = await customers.find(customerId, tx);
    return customer && customer.erasedAt === null ? customer : undefined;
  };

  /** Who is drawn later, and answers what was sent before, is not lost: only nobody wins them back. */
  async function mayBeWonBack(tx: Tx, { id }: Customer): Promise<boolean> {
    const leaving = await programmeId(tx, LEAVING);
    return leaving === undefined || !(await invitations.holdouts.isHeldOut(tx, leaving, [id])).has(id);
  }

  /** For staff, in the company's language. */
  async function summaryOf(tx: Tx, key: string, values: Record<string, string | number> = {}): Promise<string> {
    const { defaultLanguage } = await accounts.companyIn(tx);
    return texts.in(defaultLanguage)(`cases.why.${key}`, values);
  }

  const summaryOfWhy = ({ kind, ...values }: Why, tx: Tx) =>
    summaryOf(tx, kind, values as Record<string, string | number>);

  async function winBack(tx: Tx, customer: Customer, response: Response, words: string): Promise<void> {
    await cases.open(tx, SYSTEM, {
      kind: 'win_back',
      customerId: customer.id,
      origin: 'answer',
      originId: response.id,
      words,
      language: response.language,
      summary: await summaryOf(tx, 'left'),
    });
  }

  async function complaint(tx: Tx, response: Response, why: Why, words: string): Promise<void> {
    await cases.open(tx, SYSTEM, {
      kind: 'complaint',
      customerId: response.customerId,
      origin: 'answer',
      originId: response.id,
      words,
      language: response.language,
      summary: await summaryOfWhy(why, tx),
    });
  }

  return {
    async onSubmitted(tx: Tx, { response, definition, answers }: Submitted): Promise<void> {
      const customer = await known(tx, response);
      if (!customer) return;
      const settings = await readSettings(tx);
      const words = wordsOf(answers);
      if (definition.programme === LEAVING) {
        const wanted = settings.winBack && mayBeContacted(customer, response);
        if (wanted && (await mayBeWonBack(tx, customer))) await winBack(tx, customer, response, words);
        return;
      }
      const why = whyOf(definition, answers, settings);
      if (why) await complaint(tx, response, why, words);
    },
    /** They said whether, and how, we may get in touch about it. */
    async onWish(tx: Tx, { response, answers }: Found): Promise<void> {
      const { contactWish: wish, id: originId, language } = response;
      const customer = await known(tx, response);
      if (!customer || wish === null) return;
      for (const origin of ['answer', 'wish'] as const)
        for (const kind of ['complaint', 'win_back'] as const) {
          const open = await findCause(tx, { origin, originId, kind });
          if (open) return await cases.note(tx, SYSTEM, open.id, { kind: `wish.${wish}` });
        }
      if (wish === 'no' || !(await readSettings(tx)).wish) return;
      const values = new Map<string, AnswerValue>([...answers].map(([key, each]) => [key, each.value]));
      const said = { words: wordsOf(values), language, summary: await summaryOf(tx, `wish.${wish}`) };
      const wonBack = customer.status === 'left' && (await mayBeWonBack(tx, customer));
      const kind = wonBack ? ('win_back' as const) : ('complaint' as const);
      const fresh = { kind, customerId: customer.id, origin: 'wish' as const, originId, ...said };
      const { caseId } = await cases.open(tx, SYSTEM, fresh);
      await cases.note(tx, SYSTEM, caseId, { kind: `wish.${wish}` });
    },
  };
}

/** Somebody who left, whom we may write to and who has not said that we should not get in touch. */
function mayBeContacted(customer: Customer, { contactWish }: Response): boolean {
  const { status, legalBasis, unsubscribedAt } = customer;
  return status === 'left' && legalBasis !== '' && unsubscribedAt === null && contactWish !== 'no';
}
