import type { CodeRemark, NamedPurchase } from '../../customers/index.ts';
import type { Db } from '../../storage/index.ts';
import { codeRows, hasGenerated, typedCodes, type CodeRow } from './code-store.ts';
import { codesIn, looksLikeCode } from './rules.ts';

const FIELDS = ['item', 'reference'] as const;

interface Known {
  /** Codes that everybody gets who is given the offer. */
  typed: string[];
  rows: CodeRow[];
}

/** A code as some purchase has it. */
interface Named {
  field: CodeRemark['field'];
  code: string;
  /** It stands among other words, or is what was bought: a number of the business's own may look like a code. */
  surely: boolean;
}

/** What keeps the codes that these purchases name from counting as used, purchase by purchase; null where nothing does. */
export async function codesNamed(db: Db, purchases: NamedPurchase[]): Promise<(CodeRemark | null)[]> {
  const typed = await typedCodes(db);
  const named = purchases.map((purchase) => namedIn(purchase, typed));
  const codes = [...new Set(named.flat().map(({ code }) => code))];
  if (codes.length === 0) return purchases.map(() => null);
  const customerIds = [...new Set(purchases.map(({ customerId }) => customerId))];
  const known: Known = { typed, rows: await codeRows(db, codes, customerIds) };
  const remarks = purchases.map((purchase, at) => remarkOn(purchase, named[at] ?? [], known));
  const doubtful = remarks.some((remark) => remark?.problem === 'unknown');
  // Where no code was ever made for one customer, what looks like one is something else.
  const made = !doubtful || (await hasGenerated(db));
  return remarks.map((remark) => (remark?.problem === 'unknown' && !made ? null : remark));
}

function namedIn(purchase: NamedPurchase, typed: string[]): Named[] {
  return FIELDS.flatMap((field) =>
    codesIn(purchase[field], typed).map((code) => {
      const alone = field === 'reference' && purchase[field].trim().length === code.length;
      return { field, code, surely: !alone && looksLikeCode(code) };
    }),
  );
}

/** The first thing that is wrong; null where one of the codes counts. */
function remarkOn(purchase: NamedPurchase, named: Named[], { typed, rows }: Known): CodeRemark | null {
  if (purchase.customerId === '') return null;
  const remarks = named.map(({ field, code, surely }) => {
    const mine = rows.filter((row) => row.code === code && (row.generated || row.customerId === purchase.customerId));
    if (mine.length === 0 && !typed.includes(code)) return surely ? { field, code, problem: 'unknown' as const } : null;
    const problems = mine.map((row) => problemOf(row, purchase));
    if (problems.includes(null)) return null;
    return { field, code, problem: problems[0] ?? ('notGiven' as const) };
  });
  return remarks.includes(null) ? null : (remarks[0] ?? null);
}

function problemOf(row: CodeRow, { id, customerId, purchasedOn }: NamedPurchase): CodeRemark['problem'] | null {
  if (row.customerId !== customerId) return 'someoneElses';
  if (row.state === 'taken_back') return 'takenBack';
  if (row.state === 'redeemed') {
    // Noted by hand for that day: it is this purchase.
    const byHand = row.purchaseId === null && row.redeemedOn === purchasedOn;
    return byHand || (id !== null && row.purchaseId === id) ? null : 'used';
  }
  if (purchasedOn < row.givenOn) return 'early';
  return purchasedOn > row.validUntil ? 'expired' : null;
}
