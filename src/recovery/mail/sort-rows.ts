import type { FormView, Staff } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { mayBeHeard } from '../cases/rules.ts';
import type { RecoveryWeb } from '../web.ts';
import { mailViews } from './pages.ts';
import type { CaseMailRow } from './service.ts';
import type { SortRow } from './views.ts';

interface SortGiven {
  reader: Staff;
  /** What somebody typed that could not be done. */
  form: FormView;
  path: string;
}

/** Where the number of a case is typed. */
export const numberField = (mailId: string) => `number-${mailId}`;

/** Letters that wait, each with what is known of where it may belong. */
export async function sortRows(web: RecoveryWeb, newestFirst: CaseMailRow[], given: SortGiven): Promise<SortRow[]> {
  const { reader, form, path } = given;
  const { read } = web.storage;
  const ids = [...new Set(newestFirst.flatMap(({ customer_id }) => customer_id ?? []))];
  const names = await web.customers.names(read, ids);
  const open = await web.recovery.cases.openOf(read, ids);
  const views = new Map((await mailViews(web, newestFirst, reader)).map((view) => [view.id, view]));
  const answered = await web.recovery.cases.findMany(
    read,
    newestFirst.flatMap(({ case_id }) => case_id ?? []),
  );
  const rows: SortRow[] = [];
  for (const row of newestFirst) {
    const view = views.get(`mail-${row.id}`);
    if (!view) continue;
    const name = names.get(row.customer_id ?? '')?.name;
    const hint = name === undefined ? null : { text: hintOf(row, name, reader), href: `/customers/${row.customer_id}` };
    const theirs = (open.get(row.customer_id ?? '') ?? []).map(({ number, summary }) => ({
      number: String(number),
      text: `${reader.t('cases.title', { number: String(number) })}${summary ? `: ${summary}` : ''}`,
    }));
    const id = numberField(row.id);
    const other = { id, typed: form.values[id] ?? '', error: form.errors[id] ?? '' };
    const closed = closedOf(answered.get(row.case_id ?? ''), reader);
    rows.push({ mail: view, hint, closed, open: theirs, other, action: `${path}/${row.id}` });
  }
  return rows;
}

function hintOf({ answers_kind: kind }: CaseMailRow, name: string, { t }: Staff): string {
  const invited = kind === 'invitation' || kind === 'invitations.reminder';
  return t(invited ? 'casemail.sort.answersInvitation' : 'casemail.sort.from', { name });
}

function closedOf(theCase: RecoveryCase | undefined, { t }: Staff): SortRow['closed'] {
  if (!theCase) return null;
  const number = String(theCase.number);
  const mayBeSettled = mayBeHeard(theCase);
  return { text: t('casemail.sort.closed', { number }), href: `/cases/${theCase.id}`, number, mayBeSettled };
}
