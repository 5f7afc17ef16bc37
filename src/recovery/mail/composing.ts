import type { Composed, Composer } from '../../mailer/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { recipientOf } from '../cases/question-mail.ts';
import type { CaseMailDeps, Db } from './deps.ts';
import { caseMessage } from './letter.ts';
import * as store from './mail-store.ts';
import type { CaseMailRow } from './mail-store.ts';
import { answersTo } from './rules.ts';

/** How a letter about a case reads when it leaves, and to whom. */
export function createComposing(deps: CaseMailDeps) {
  const { storage, bounces, customers, accounts, cases, attachments, texts } = deps;

  /** Whom a case's mail goes to; undefined where there is nobody, or nobody who may be written to. */
  async function recipient(db: Db, theCase: RecoveryCase) {
    const { customerId } = theCase;
    const known = customerId === null ? undefined : (await customers.forMail(db, [customerId])).get(customerId);
    const to = recipientOf(theCase, known);
    if (!to) return { to: undefined, suppressed: false };
    return { to, suppressed: (await bounces.suppressions.among(db, [to.email])).size > 0 };
  }

  async function composeOne(mailId: string): Promise<Composed> {
    const row = await store.findMail(storage.read, mailId);
    const theCase = row?.case_id ? await cases.find(storage.read, row.case_id) : undefined;
    const { to, suppressed } = theCase ? await recipient(storage.read, theCase) : { to: undefined, suppressed: false };
    if (!row || !theCase || !to) return { cancel: 'nobody to write to' };
    if (suppressed) return { cancel: 'suppressed' };
    const replyTo = answersTo(deps, theCase.id);
    const [company, writer] = [
      await accounts.company(),
      row.account_id ? await accounts.colleague(row.account_id) : undefined,
    ];
    const written = { subject: row.subject, words: row.words, number: theCase.number, to, writer, company };
    const message = caseMessage({ ...written, finds: replyTo !== undefined }, texts.to(row.language), deps.render);
    return { ...message, ...(replyTo && { replyTo }), headers: headersOf(row), files: await filesOf(row.id) };
  }

  async function filesOf(mailId: string) {
    const files = await attachments.listOf(storage.read, { mailIds: [mailId] });
    return await Promise.all(
      files.map(async ({ id, name, type }) => ({ name, type, bytes: await attachments.bytes(storage.read, id) })),
    );
  }

  const composer: Composer = async (mails) => {
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId } of mails) composed.set(mailId, await composeOne(subjectId));
    return composed;
  };

  return { composer, recipient };
}

/** A person writes, not a machine; their program puts it where the thread is. */
function headersOf({ refs }: CaseMailRow): Record<string, string> {
  const ids = refs.split(' ').filter(Boolean);
  const last = ids.at(-1);
  const thread: Record<string, string> = last
    ? { 'In-Reply-To': `<${last}>`, References: ids.map((id) => `<${id}>`).join(' ') }
    : {};
  return { 'Auto-Submitted': 'no', ...thread };
}
