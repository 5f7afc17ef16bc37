import { sameSecret } from '../../shared/tokens.ts';

/** Why a comment waits for a colleague's eye; each is said by the text 'comments.held.WORD'. */
const SUSPICIONS = ['trap', 'fast', 'links', 'repeated'] as const;
type Suspicion = (typeof SUSPICIONS)[number];

/** Nobody reads the page, writes a sentence and sends it within this; programs do. */
const FASTEST_MS = 3000;
/** A page left open overnight still counts. */
const LONGEST_MS = 48 * 3_600_000;
/** Somebody who complains may point to one page or two. */
const MOST_LINKS = 2;
/** The same words a third time within a day. */
const MOST_TIMES_BEFORE = 1;

const LINK = /https?:\/\/|\bwww\.|\[url|<a\s/gi;

interface Trail {
  /** What stands in the field that people do not see. */
  trap: string;
  /** From the making of the form to its sending. */
  tookMs: number;
  words: string;
  name: string;
  /** How often the same words came within a day. */
  before: number;
}

/** What speaks for a program having sent it. Nothing is thrown away for it: a colleague looks. */
export function suspicions({ trap, tookMs, words, name, before }: Trail): Suspicion[] {
  const holds: Record<Suspicion, boolean> = {
    trap: trap !== '',
    fast: tookMs < FASTEST_MS,
    links: linksIn(`${name} ${words}`) > MOST_LINKS,
    repeated: before > MOST_TIMES_BEFORE,
  };
  return SUSPICIONS.filter((each) => holds[each]);
}

const linksIn = (text: string): number => text.match(LINK)?.length ?? 0;

/** The words however spaced and whatever their case: the same text sent again is found by it. */
export const plainWords = (words: string): string =>
  words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

export interface FormStamp {
  /** Names the form: it is sent once. */
  key: string;
  /** When it was made, in milliseconds since 1970. */
  madeAt: number;
}

type Mac = (text: string) => string;

const STAMP = /^([0-9a-z]{1,12})\.([\w-]{16})\.([\w-]{43})$/;

/** A form's token: when it was made and a random part, signed. It costs whoever reads the page nothing. */
export function stampOf(madeAt: number, random: string, mac: Mac): string {
  const body = `${madeAt.toString(36)}.${random}`;
  return `${body}.${mac(body)}`;
}

/** What a token says; undefined where we did not make it, or it is from long ago or from the future. */
export function readStamp(stamp: string, now: number, mac: Mac): FormStamp | undefined {
  const [, time = '', random = '', signed = ''] = STAMP.exec(stamp) ?? [];
  if (time === '' || !sameSecret(mac(`${time}.${random}`), signed)) return undefined;
  const madeAt = parseInt(time, 36);
  return madeAt <= now && now - madeAt <= LONGEST_MS ? { key: `${time}.${random}`, madeAt } : undefined;
}
