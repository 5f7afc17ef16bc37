import type { openDatabase } from '../src/storage/sqlite.ts';

/** Ids of a kind, in their order. */
const id = (kind: number, number: string): string => `printf('019${kind}0000-0000-7000-8000-%012x', ${number})`;
const [CUSTOMER, WAVE, INVITATION, RESPONSE, CODING, PURCHASE, EVENT] = [1, 2, 3, 4, 5, 6, 7];

/** Days before 22 November 2026, as a day or a moment. */
const day = (days: string): string => `date('2026-11-22', '-' || (${days}) || ' days')`;
const moment = (days: string): string => `strftime('%Y-%m-%dT08:00:00.000Z', ${day(days)})`;

/** What the engine has read: all that nobody has coded, and some more; of these a few were drawn at random. */
const READ = 'n % 10 in (0, 1, 5)';
const DRAWN = 'n % 200 = 1';

const QUESTIONS = ['happened', 'now', 'keep', 'better', 'else'];

const WORDS = `'Ich habe dreimal angerufen, und jedes Mal ist danach nichts passiert. Die Rechnung stimmte auch nicht. (' || n || ')'`;

/**
 * So many customers who left, each with two responses of five answers; of four answers in five the words are coded by people.
 * The engine has read three in ten, and one in two hundred was drawn for an audit.
 */
export function fill(
  db: ReturnType<typeof openDatabase>,
  customers: number,
  questionsOf: (programmeKey: string) => string[] = () => QUESTIONS,
) {
  const programmes = db.prepare('select id, key from programme').all() as { id: string; key: string }[];
  const codes = db.prepare(
    `select k.id from code k join codebook b on b.id = k.codebook_id where b.programme_id = ? order by k.position`,
  );
  const version = db.prepare(
    'select v.id from questionnaire_version v join questionnaire q on q.id = v.questionnaire_id where q.programme_id = ?',
  );
  db.exec('begin; pragma defer_foreign_keys = on; create temp table codes (nr integer primary key, id text not null)');
  const numbers = `with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n + 1 < ${customers})`;
  db.exec(`insert into customer (${CUSTOMER_COLUMNS}) ${numbers} select ${customerValues()} from numbers`);
  db.exec(`insert into purchase select * from (${numbers} select ${purchaseColumns()} from numbers)`);
  for (const [round, { id: programme, key }] of programmes.entries()) {
    const versionId = (version.get(programme) as { id: string }).id;
    const all = codes.all(programme) as { id: string }[];
    db.exec('delete from codes');
    const addCode = db.prepare('insert into codes values (?, ?)');
    all.forEach((code, nr) => addCode.run(nr, code.id));
    responses(db, numbers, { round, programme, versionId, codes: all.length, customers, questions: questionsOf(key) });
  }
  // No statistics: in SQLite the product gathers none, and those of tables that are still empty would mislead it.
  db.exec('commit');
  const first = (text: string) => (db.prepare(`select ${text} as id`).get() as { id: string }).id;
  return { customer: first(id(CUSTOMER, '7')), wave: first(id(WAVE, '0')), response: first(id(RESPONSE, '7')) };
}

/** Others are as they are where nothing is given. */
export const CUSTOMER_COLUMNS = `id, reference, title, given_name, family_name, organisation, greeting, email, email_key, telephone, street,
  postal_code, city, region, country, language, time_zone, customer_since, status, left_on, segment, contact_account_id,
  yearly_value_minor, worth_minor, first_purchase_on, last_purchase_on, legal_basis, legal_basis_source, legal_basis_on, notes,
  search, revision, created_at, updated_at, unsubscribed_at, unsubscribed_how, erased_at`;

const customerValues = (): string =>
  [
    ...[id(CUSTOMER, 'n'), `'C-' || n`, `''`, `'Kim'`, `'Nummer ' || n`, `''`, `''`, `'c' || n || '@example.com'`],
    ...[`'c' || n || '@example.com'`, `''`, `''`, `''`, `''`, `''`, `substr('DENLNOGB', 1 + 2 * (n % 4), 2)`],
    ...[`'de'`, `''`, day('400 + n % 3000'), `'left'`, day('n % 700'), `'seg' || (n % 12)`, 'null', 'null'],
    ...[`10000 + (n * 7919) % 90000`, day('400 + n % 300'), day('n % 700'), `'contract'`, `'bench'`, `'2024-01-01'`],
    ...[`''`, `'nummer ' || n || ' kim c-' || n`, '1', moment('n % 700'), moment('n % 700'), 'null', `''`, 'null'],
  ].join(', ');

const purchaseColumns = (): string =>
  [id(PURCHASE, 'n'), id(CUSTOMER, 'n'), 'null', day('n % 700'), '2999', `'Kaffee'`, 'null', moment('n % 700')].join();

interface Round {
  round: number;
  programme: string;
  versionId: string;
  codes: number;
  customers: number;
  questions: string[];
}

function responses(
  db: ReturnType<typeof openDatabase>,
  numbers: string,
  { round, programme, versionId, codes, customers, questions }: Round,
): void {
  const n = `(n + ${round * customers})`;
  const wave = id(WAVE, String(round));
  const add = (table: string, columns: string, values: string, from = 'numbers', where = 'true') =>
    db.exec(`insert into ${table} (${columns}) ${numbers} select ${values} from ${from} where ${where}`);
  add(
    'wave',
    'id, programme_id, questionnaire_version_id, name, state, audience, sender_name, reply_to, expires_days, created_at',
    `${wave}, '${programme}', '${versionId}', 'Wave ${round}', 'finished', '{}', 'Miriam', '', 60, ${moment('60')}`,
    'numbers',
    'n = 0',
  );
  add(
    'invitation',
    'id, wave_id, customer_id, language, delivery, progress, sent_at, expires_at, created_at',
    `${id(INVITATION, n)}, ${wave}, ${id(CUSTOMER, 'n')}, 'de', 'sent', 'completed', ${moment('n % 700')}, '2027-01-20T08:00:00.000Z', ${moment('n % 700')}`,
  );
  add(
    'response',
    'id, invitation_id, customer_id, wave_id, programme_id, questionnaire_version_id, mode, language, state, reference, started_at, updated_at, submitted_at',
    `${id(RESPONSE, n)}, ${id(INVITATION, n)}, ${id(CUSTOMER, 'n')}, ${wave}, '${programme}', '${versionId}', 'email', 'de', 'complete', 'R-' || ${n}, ${moment('n % 700')}, ${moment('n % 700')}, ${moment('n % 700')}`,
  );
  for (const [part, key] of questions.entries()) {
    add(
      'answer',
      'response_id, question_key, kind, verbatim, language, mode, questionnaire_version_id, answered_at',
      `${id(RESPONSE, n)}, '${key}', 'open', ${WORDS}, 'de', 'email', '${versionId}', ${moment('n % 700')}`,
    );
    const random = `((${n} * 7919 + ${part * 104_729}) % 1000003) / 1000003.0`;
    add(
      'coding_task',
      'response_id, question_key, programme_id, state, random_number, answered_at, coded_at, created_at, inclusion, blind',
      `${id(RESPONSE, n)}, '${key}', '${programme}', iif(n % 5, 'coded', 'open'), ${random}, ${moment('n % 700')}, iif(n % 5, ${moment('n % 700')}, null), ${moment('n % 700')}, iif(${DRAWN}, 0.005, null), iif(${DRAWN}, 1, 0)`,
    );
  }
  add(
    'coding',
    'id, response_id, question_key, code_id, coder_kind, is_main, created_at',
    `${id(CODING, n)}, ${id(RESPONSE, n)}, '${questions[0]}', codes.id, 'colleague', 1, ${moment('n % 700')}`,
    `numbers join codes on codes.nr = (n * 7919) % ${codes}`,
    'n % 5',
  );
  add(
    'main_reason',
    'response_id, customer_id, programme_id, code_id, source, updated_at',
    `${id(RESPONSE, n)}, ${id(CUSTOMER, 'n')}, '${programme}', codes.id, iif(n % 5, 'colleague', 'engine'), ${moment('n % 700')}`,
    `numbers join codes on codes.nr = (n * 7919) % ${codes}`,
  );
  for (const [part, chance] of [0.6, 0.2, 0.15, 0.05].entries()) {
    add(
      'main_chance',
      'response_id, code_id, chance',
      `${id(RESPONSE, n)}, codes.id, ${chance}`,
      `numbers join codes on codes.nr = (n * 7919 + ${part}) % ${codes}`,
      READ,
    );
  }
  add(
    'timeline_event',
    'id, customer_id, at, kind, subject_id, detail',
    `${id(EVENT, n)}, ${id(CUSTOMER, 'n')}, ${moment('n % 700')}, 'responses.submitted', ${id(RESPONSE, n)}, '{}'`,
  );
}
