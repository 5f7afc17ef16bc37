import type { openDatabase } from '../src/storage/sqlite.ts';
import { fill } from './leaving-data.ts';

type Database = ReturnType<typeof openDatabase>;

const SATISFACTION = ['why_buy', 'needs.probe', 'improve', 'miss', 'value'];
const LEAVING = ['happened', 'now', 'keep', 'better', 'else'];
/** So many different opinions of the engine, each with a chance for every code; about one code in 25 is likely. */
const OPINIONS = 97;
const TODAY = '2026-11-22';

/** The first for six in ten, the others for the rest. */
const mostly = (first: string, others: string[], rest: string): string =>
  `case when ${rest} < 600 then '${first}' ${others.map((each, i) => `when ${rest} % 3 = ${i} then '${each}'`).join(' ')} end`;

/**
 * So many customers, each with a response about satisfaction and one about a moment of a dealing, five answers in words each,
 * over 700 days. Four in five are coded by colleagues; of three in ten there is an opinion of the engine with a chance for
 * every code; one response in two hundred was drawn for an audit and checked. Segment, country and language have nothing to do
 * with each other, and six in ten are of one country, and of one language. Nothing is counted yet.
 */
export function fillSatisfied(db: Database, customers: number): void {
  fill(db, customers, (key) => (key === 'satisfaction' ? SATISFACTION : LEAVING));
  db.exec('begin; pragma defer_foreign_keys = on');
  db.exec(`insert into satisfaction_response (response_id, part, programme_id, on_day, segment, country, language, score, likely)
    select r.id, case when p.key = 'satisfaction' then 'satisfaction' else
        case c.worth_minor % 3 when 0 then 'before' when 1 then 'during' else 'after' end end,
      r.programme_id, substr(r.submitted_at, 1, 10), c.segment, ${mostly('DE', ['NL', 'NO', 'GB'], 'c.worth_minor % 997')},
      ${mostly('de', ['en', 'nl', 'nb'], 'c.worth_minor % 991')},
      1 + c.worth_minor % 5, null
    from response r join customer c on c.id = r.customer_id join programme p on p.id = r.programme_id`);
  for (const { id } of db.prepare('select id from programme').all() as { id: string }[]) addWords(db, id);
  db.exec(`insert into satisfaction_news (id, on_day) select distinct 'first ' || on_day, on_day from satisfaction_response
    where on_day <= '${TODAY}'`);
  db.exec('commit');
}

/** Codes that colleagues gave, and what the engine thinks. */
function addWords(db: Database, programme: string): void {
  db.exec(`drop table if exists given; drop table if exists opinions;
    create temp table given as select row_number() over (order by k.position) - 1 as nr, k.id
      from code k join codebook b on b.id = k.codebook_id where b.programme_id = '${programme}'`);
  const { n } = db.prepare('select count(*) as n from given').get() as { n: number };
  db.exec(`create temp table opinions as
    with recursive numbers (nr) as (select 0 union all select nr + 1 from numbers where nr + 1 < ${OPINIONS})
    select nr, (select '{' || group_concat('"' || id || '":' || ((nr * 31 + given.nr * 17) % 100 / iif((nr * 31 + given.nr * 17) % 100 < 96, 500.0, 100.0))) || '}' from given) as chances
    from numbers; create unique index opinions_nr on opinions (nr)`);
  db.exec(`insert into coding (id, response_id, question_key, code_id, coder_kind, is_main, created_at)
    select printf('0199${'0000'}-0000-7000-8000-%012x', t.rowid), t.response_id, t.question_key, given.id, 'colleague', 0, t.created_at
    from coding_task t join given on given.nr = t.rowid * 7919 % ${n}
    where t.programme_id = '${programme}' and t.state = 'coded'
      and not exists (select 1 from coding g where g.response_id = t.response_id and g.question_key = t.question_key
          and g.withdrawn_at is null)`);
  db.exec(`insert into engine_opinion (response_id, question_key, turn, chances, why)
    select t.response_id, t.question_key, 1, opinions.chances, '{}'
    from coding_task t join opinions on opinions.nr = t.rowid * 7919 % ${OPINIONS}
    where t.programme_id = '${programme}' and (t.state = 'open' or t.inclusion is not null or t.rowid % 10 = 1)`);
  db.exec(`update coding_task set engine_turn = 1 where programme_id = '${programme}' and exists (select 1 from engine_opinion o
    where o.response_id = coding_task.response_id and o.question_key = coding_task.question_key)`);
}
