import type { Migration } from '../migration.ts';

const FIELDS = { '': `''`, segment: 'segment', country: 'country', language: 'language' };

/**
 * What was counted about satisfaction, added up by everybody and by each field that the page is narrowed by: a row for each
 * day and month, so that reading costs the same however many answers and kinds of customers there are.
 */
export const satisfactionSums: Migration = {
  name: '0031-satisfaction',
  statements: (engine) => {
    const joined = (text: string) => (engine === 'sqlite' ? `group_concat(${text}, ',')` : `string_agg(${text}, ',')`);
    const items = joined(`'"' || item || '":[' || n || ',' || coded || ',' || chance || ',' || rest || ']'`);
    const topics = joined(`'"' || topic || '":{' || items || '}'`);
    return [
      `create table satisfaction_span (
        kind text not null check (kind = 'score' or kind = 'code'),
        field text not null check (field = '' or field = 'segment' or field = 'country' or field = 'language'),
        value text not null, span text not null, sums text not null, primary key (kind, field, value, span))`,
      `create index satisfaction_span_made on satisfaction_span (kind, span)`,
      ...Object.entries(FIELDS).map(
        ([field, value]) => `insert into satisfaction_span (kind, field, value, span, sums)
        select kind, '${field}', value, span, '{' || ${topics} || '}' from (
          select kind, value, span, topic, ${items} as items from (
            select kind, ${value} as value, span, topic, item, sum(n) as n, sum(coded) as coded, sum(chance) as chance,
              sum(rest) as rest
            from satisfaction_cell group by kind, ${field && `${field}, `}span, topic, item) as cell
          group by kind, value, span, topic) as topic group by kind, value, span`,
      ),
      `drop table satisfaction_cell`,
    ];
  },
};
