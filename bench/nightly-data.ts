import type { openDatabase } from '../src/storage/sqlite.ts';
import { CUSTOMER_COLUMNS } from './leaving-data.ts';

const id = (kind: number, number: string): string => `printf('019${kind}0000-0000-7000-8000-%012x', ${number})`;
const [CUSTOMER, WAVE, INVITATION, PURCHASE] = [1, 2, 3, 6];
const day = (days: string): string => `date('now', '-' || (${days}) || ' days')`;
const moment = (days: string): string => `strftime('%Y-%m-%dT08:00:00.000Z', ${day(days)})`;

/** Each customer buys at their own pace, some wait longer since the last time than they usually do. */
const boughtDaysAgo = 'n % 60 + (n % 7) * (n % 40) + k * (10 + n % 50) + (n * k * 7919) % 9';

/**
 * So many customers, one in ten of whom has left, with eight and a half purchases each; so many of them are asked and may
 * answer. @returns the ids of their invitations
 */
export function fillCompany(db: ReturnType<typeof openDatabase>, customers: number, asked: number): string[] {
  const many = (to: number, name = 'n') =>
    `${name === 'n' ? 'numbers' : 'times'} (${name}) as (select 0 union all select ${name} + 1 from ${name === 'n' ? 'numbers' : 'times'} where ${name} + 1 < ${to})`;
  db.exec('begin; pragma defer_foreign_keys = on');
  db.exec(
    `insert into customer (${CUSTOMER_COLUMNS}) select * from (with recursive ${many(customers)} select ${customerColumns()} from numbers)`,
  );
  db.exec(
    `insert into purchase select * from (with recursive ${many(customers)}, ${many(16, 'k')} select ${purchaseColumns()} from numbers join times on k < 1 + n % 16)`,
  );
  const version = db
    .prepare(
      `select v.id, q.programme_id from questionnaire_version v join questionnaire q on q.id = v.questionnaire_id
       join programme p on p.id = q.programme_id where p.key = 'leaving'`,
    )
    .get() as { id: string; programme_id: string };
  db.exec(
    `insert into wave (id, programme_id, questionnaire_version_id, name, state, audience, sender_name, reply_to, expires_days, created_at)
     values (${id(WAVE, '0')}, '${version.programme_id}', '${version.id}', 'Wave', 'finished', '{}', 'Miriam', '', 60, ${moment('1')})`,
  );
  db.exec(
    `insert into invitation (id, wave_id, customer_id, language, delivery, progress, sent_at, expires_at, created_at)
     with recursive ${many(asked)} select ${id(INVITATION, 'n')}, ${id(WAVE, '0')}, ${id(CUSTOMER, 'n * 10')}, 'de', 'sent', 'none',
       ${moment('1')}, '2099-01-01T00:00:00.000Z', ${moment('1')} from numbers`,
  );
  db.exec('commit');
  return (db.prepare('select id from invitation order by id').all() as { id: string }[]).map((row) => row.id);
}

const customerColumns = (): string =>
  [
    ...[id(CUSTOMER, 'n'), `'C-' || n`, `''`, `'Kim'`, `'Nummer ' || n`, `''`, `''`, `'c' || n || '@example.com'`],
    ...[`'c' || n || '@example.com'`, `''`, `''`, `''`, `''`, `''`, `substr('DENLNOGB', 1 + 2 * (n % 4), 2)`],
    ...[`'de'`, `''`, day('1100'), `iif(n % 10, 'active', 'left')`, `iif(n % 10, null, ${day('n % 700')})`],
    ...[`'seg' || (n % 12)`, 'null', 'null', `10000 + (n * 7919) % 90000`, day('1000'), day('n % 60')],
    ...[`'contract'`, `'bench'`, `'2024-01-01'`, `''`, `'nummer ' || n || ' kim c-' || n`, '1'],
    ...[moment('1'), moment('1'), 'null', `''`, 'null'],
  ].join(', ');

const purchaseColumns = (): string =>
  [id(PURCHASE, 'n * 16 + k'), id(CUSTOMER, 'n'), 'null', day(boughtDaysAgo), '1500 + (n * 31 + k * 17) % 6000']
    .concat([`'Kaffee'`, 'null', moment('1')])
    .join(', ');
