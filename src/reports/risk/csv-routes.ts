import { Router } from 'express';
import { displayName } from '../../customers/index.ts';
import { colleague } from '../../shared/actor.ts';
import { CSV_BOM, csvDocument, csvLine } from '../../shared/csv.ts';
import { dayIn } from '../../shared/dates.ts';
import { plainMoney } from '../../shared/money.ts';
import { needsRole, staffOf, writePart } from '../../web/index.ts';
import { fileNameOf, narrowedHeader, narrowedLine, type Narrowed } from '../narrowed.ts';
import type { InsightWeb } from '../web.ts';
import { filterOf, readRiskQuery, type RiskQuery } from './query.ts';
import type { RiskRecord } from './reading.ts';
import { reasonLine } from './words.ts';

const HEADER = [
  'reference',
  'name',
  'segment',
  'contact',
  'flagged_at',
  'kinds',
  'reasons',
  'chance',
  'worth_in_a_year',
  'at_risk',
  'currency',
];
const AT_ONCE = 500;

/** The list as it is filtered, in parts, and the record behind it. */
export function riskFiles({ insight, customers, accounts, clock }: InsightWeb): Router {
  const { risk } = insight;
  const router = Router();
  const staff = needsRole('staff');

  router.get('/risk.csv', staff, async (req, res) => {
    const { id, t, currency, timeZone } = staffOf(res);
    const query = readRiskQuery(req.query);
    const filter = filterOf(query);
    const today = dayIn(timeZone, clock.now());
    const emails = new Map((await accounts.colleagues()).map((each) => [each.id, each.email]));
    const narrowed = narrowedBy(query, emails);
    await customers.noteExport(colleague(id));
    res.attachment(fileNameOf('at-risk', narrowed)).type('text/csv');
    res.write(CSV_BOM + csvLine(narrowedHeader(HEADER, narrowed)));
    let after: string | null = null;
    do {
      const part: Awaited<ReturnType<typeof risk.list>> = await risk.list(filter, after, AT_ONCE);
      const lines = part.rows.flatMap((row) => {
        const customer = part.people.get(row.customerId);
        if (!customer) return [];
        const cells = [
          customer.reference,
          displayName(customer),
          customer.segment,
          emails.get(row.contactAccountId ?? '') ?? '',
          row.flaggedAt,
          row.reasons.map(({ kind }) => kind).join(' '),
          reasonLine(row.reasons, today, t),
          row.score.toFixed(2),
          plainMoney(row.worthMinor, currency),
          plainMoney(row.worthAtRiskMinor, currency),
          currency,
        ];
        return csvLine(narrowedLine(cells, narrowed));
      });
      await writePart(res, lines.join(''));
      after = part.next;
    } while (after !== null && !res.destroyed);
    res.end();
  });

  router.get('/risk/record.csv', staff, async (_req, res) => {
    res.type('text/csv').setHeader('Content-Disposition', 'attachment; filename="flags-record.csv"');
    res.send(recordCsv(await risk.record()));
  });

  return router;
}

/** A contact person by e-mail address, as in the column of contacts. */
function narrowedBy({ reason, segment, contact }: RiskQuery, emails: ReadonlyMap<string, string>): Narrowed {
  return { reason, segment, contact: contact === '' ? '' : (emails.get(contact) ?? contact) };
}

/** Shares with four decimals, said beside happened; then the months. */
function recordCsv({ bands, months }: RiskRecord): string {
  return csvDocument(
    ['row', 'from', 'to', 'said', 'flags', 'left', 'bought_again', 'silent', 'happened', 'low', 'high'],
    [
      ...bands.map((band) => [
        'band',
        (band.from / 100).toFixed(2),
        (band.to / 100).toFixed(2),
        band.said.toFixed(4),
        band.flags,
        band.left,
        band.bought,
        band.silent,
        ...[band.happened.share, band.happened.low, band.happened.high].map((each) => each.toFixed(4)),
      ]),
      ...months.map((row) => [
        row.lookedBack ? 'month_looked_back' : 'month',
        row.month,
        row.month,
        '',
        row.flags,
        row.left,
        row.bought,
        row.silent,
        '',
        '',
        '',
      ]),
    ],
  );
}
