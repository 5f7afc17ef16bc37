import type { Company } from '../accounts/index.ts';
import { formatMoment, type Translate } from '../i18n/index.ts';
import type { Wave } from '../invitations/index.ts';
import type { Page } from '../storage/index.ts';
import type { ListedBatch } from './service.ts';

export interface LettersPage {
  wave: string;
  back: string;
  entry: string;
  /** Null while the wave sends nothing. */
  prepare: { action: string; choices: { value: string; text: string; hint: string }[] } | null;
  why: string;
  /** What the letters lack; null where they lack nothing. */
  lacks: string | null;
  parts: LetterPart[];
  older: string | null;
}

interface LetterPart {
  heading: string;
  about: string;
  print: string;
  posted: string;
  leftOut: string;
  /** Buttons; none once the letters are in the post. */
  actions: { action: string; label: string; quiet: boolean }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'post/letters': LettersPage;
  }
}

interface LettersFacts {
  wave: Wave;
  company: Company;
  list: Page<ListedBatch>;
  colleagues: { id: string; name: string }[];
  timeZone: string;
}

export function lettersPage(facts: LettersFacts, t: Translate): LettersPage {
  const { wave, company, list } = facts;
  const at = `/waves/${wave.id}`;
  const sends = wave.state === 'sending' || wave.state === 'finished';
  return {
    wave: wave.name,
    back: at,
    entry: '/letters/entry',
    prepare: sends
      ? {
          action: `${at}/letters`,
          choices: ['no_address', 'unanswered'].map((value) => ({
            value,
            text: t(`post.whom.${value}`),
            hint: t(`post.whom.${value}.hint`),
          })),
        }
      : null,
    why: sends ? '' : t(`post.error.${wave.state === 'paused' ? 'paused' : 'notSending'}`),
    lacks: company.name === '' || company.address === '' ? t('post.letters.lacks') : null,
    parts: list.rows.map((row) => partOf(row, facts, t)),
    older: list.next === null ? null : `${at}/letters?before=${list.next}`,
  };
}

function partOf(row: ListedBatch, { wave, colleagues, timeZone }: LettersFacts, t: Translate): LetterPart {
  const at = `/waves/${wave.id}/letters/${row.number}`;
  const name = (id: string | null) => colleagues.find((each) => each.id === id)?.name ?? t('post.somebody');
  const moment = (time: string) => formatMoment(time, t.language, timeZone);
  const count = row.prepared + row.posted + row.left_out;
  const button = (action: string, key: string, quiet: boolean) => ({ action, label: t(key), quiet });
  return {
    heading: t('post.part', { number: row.number, letters: t('post.letters', { count }) }),
    about: t('post.part.about', {
      whom: t(`post.whom.${row.whom}`),
      name: name(row.prepared_by),
      at: moment(row.prepared_at),
    }),
    print: at,
    posted:
      row.posted_at === null
        ? ''
        : t('post.part.posted', {
            letters: t('post.letters', { count: row.posted }),
            name: name(row.posted_by),
            at: moment(row.posted_at),
          }),
    leftOut: row.left_out > 0 ? t('post.part.leftOut', { count: row.left_out }) : '',
    actions:
      row.posted_at === null
        ? [button(`${at}/posting`, 'post.part.post', false), button(`${at}/removal`, 'post.part.discard', true)]
        : [],
  };
}
