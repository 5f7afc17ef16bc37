import { randomOf, type Random } from '../../src/demo/random.ts';

/** Rows of the usual file and what they come to: each charge in minor units times the months paid, twelve at most. */
const COUNT = 1869;
const TOTAL_MINOR = 112_761_530;
/** Charges are multiples of five cents, so that the total can be met by small steps. */
const STEP = 5;
/** One in so many is a monthly credit instead of a charge. */
const ONE_CREDIT_IN = 62;

const HEADER = 'customer_id,tenure_months,contract,internet_type,monthly_charge,churn_category,churn_reason';

const CATEGORIES = [
  {
    name: 'Competitor',
    count: 841,
    reasons: [
      'Another provider gave me a better router',
      'They had a faster line on our street before you did',
      'A rival offered a new phone with the contract',
      'More data for the same money elsewhere',
      'My building got a deal with another company',
      'The other side bundled television and mobile',
      'Got a welcome bonus for switching',
      'Everybody in the family is with the other network now',
    ],
  },
  {
    name: 'Attitude',
    count: 314,
    reasons: [
      'The person on the support line was rude to my mother',
      'I was talked down to by the technician',
      'They hung up on me twice',
      'Nobody seemed to care whether I stayed',
      'I felt like a nuisance each time I rang',
    ],
  },
  {
    name: 'Dissatisfaction',
    count: 321,
    reasons: [
      'The connection dropped every evening',
      'The line never reached the speed on the contract',
      'Too few channels for what it is',
      'Online help that did not help',
      'Could not change anything myself on the website',
      'Months of faults and no lasting repair',
    ],
  },
  {
    name: 'Price',
    count: 211,
    reasons: [
      'The bill went up three times in a year',
      'I cannot afford it any longer',
      'Calls abroad cost a fortune',
      'Too many extra charges for data',
      'A slower line at a fair price was not on offer',
    ],
  },
  {
    name: 'Other',
    count: 182,
    reasons: [
      'I would rather not say',
      'Moved to a place you do not serve',
      'I honestly cannot say',
      'My late husband held the contract',
      'Moved in with someone who has a line',
    ],
  },
] as const;

/** The least and the span of a month's charge, in minor units; '' is a customer without internet. */
const LINES = [
  { internet: 'Fiber Optic', weight: 66, least: 7000, span: 4400 },
  { internet: 'DSL', weight: 17, least: 4500, span: 3600 },
  { internet: 'Cable', weight: 11, least: 4200, span: 3800 },
  { internet: '', weight: 6, least: 1900, span: 700 },
];
const CONTRACTS = [
  { contract: 'Month-to-Month', weight: 88 },
  { contract: 'One Year', weight: 9 },
  { contract: 'Two Year', weight: 3 },
];

interface Row {
  months: number;
  charge: number;
  cells: (charge: string) => string[];
}

/**
 * A file of customers who left a telephone company: CSV with LF, one row a customer, `monthly_charge` with two
 * decimals (a few negative: credits). With the usual 1,869 rows the categories hold Competitor 841, Attitude 314,
 * Dissatisfaction 321, Price 211 and Other 182, and monthly_charge x min(tenure_months, 12) adds up to 1,127,615.30
 * exactly; another count scales both. Throws RangeError for fewer than 100 rows.
 */
export function leaversCsv(count: number = COUNT): string {
  if (!Number.isInteger(count) || count < 100) throw new RangeError('too few rows');
  const random = randomOf(count, 'leavers file');
  const categories = random.shuffled(categoriesFor(count));
  const rows = categories.map((category, i) => rowFor(category, i, random));
  meet(rows, Math.round((TOTAL_MINOR * (count / COUNT)) / STEP) * STEP);
  const lines = rows.map(({ charge, cells }) => cells((charge / 100).toFixed(2)).join(','));
  return `${[HEADER, ...lines].join('\n')}\n`;
}

type Category = (typeof CATEGORIES)[number];

/** Rounded running totals, so that the parts add up for every count. */
function categoriesFor(count: number): Category[] {
  let before = 0;
  return CATEGORIES.flatMap((category) => {
    const from = Math.round((before * count) / COUNT);
    const to = Math.round(((before += category.count) * count) / COUNT);
    return Array.from({ length: to - from }, () => category);
  });
}

function rowFor(category: Category, index: number, random: Random): Row {
  const tenure = tenureOf(random);
  const { contract } = random.weighted(tenure < 12 ? CONTRACTS.slice(0, 1) : CONTRACTS);
  const { internet, least, span } = random.weighted(LINES);
  const credit = index % ONE_CREDIT_IN === 30;
  const charge = credit ? -random.int(1, 10) * 100 : least + span * random.next();
  const letters = Array.from({ length: 5 }, () => String.fromCharCode(random.int(65, 90))).join('');
  const id = `${String(index + 1).padStart(4, '0')}-${letters}`;
  const reason = random.pick<string>(category.reasons);
  return {
    months: Math.min(tenure, 12),
    charge,
    cells: (amount) => [id, String(tenure), contract, internet, amount, category.name, reason],
  };
}

/** A fifth leave in their first month; under a half stay a year or more. */
function tenureOf(random: Random): number {
  if (random.chance(0.2)) return 1;
  return random.chance(0.42) ? random.int(2, 11) : random.int(12, 72);
}

/** Scales the charges to the total and takes what rounding leaves over from those who paid for one month only. */
function meet(rows: Row[], total: number): void {
  const charged = rows.filter((row) => row.charge > 0);
  const sum = (list: readonly Row[]) => list.reduce((so, row) => so + row.charge * row.months, 0);
  const credits = sum(rows.filter((row) => row.charge < 0));
  const factor = (total - credits) / sum(charged);
  for (const row of charged) row.charge = Math.round((row.charge * factor) / STEP) * STEP;
  let rest = total - sum(rows);
  const short = charged.filter((row) => row.months === 1);
  for (let i = 0; rest !== 0; i++) {
    const row = short[i % short.length];
    if (!row) throw new RangeError('too few rows');
    row.charge += Math.sign(rest) * STEP;
    rest -= Math.sign(rest) * STEP;
  }
}
