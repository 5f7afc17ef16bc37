import { monogramOf, privacyAt } from './rules.ts';
import type { Visit } from './visit.ts';

/** A named person. */
export interface Who {
  monogram: string;
  name: string;
  about: string;
}

/** Who reads the answers, what for and for how long. */
export interface Reads {
  who: string;
  what: string;
  howLong: string;
  privacy: string;
}

export function whoOf({ sender, business }: Visit): Who | null {
  if (!sender?.name) return null;
  const about = [sender.title, business.name].filter((each) => each !== '' && each !== sender.name).join(', ');
  return { monogram: monogramOf(sender.name), name: sender.name, about };
}

export function readsOf(visit: Visit): Reads {
  const { t, sender, business, readers } = visit;
  return {
    who: t('answering.reads.who', { count: Math.max(1, readers), name: sender?.name || business.name }),
    what: t('answering.reads.what'),
    howLong: t('answering.reads.howLong', { count: business.retentionMonths }),
    privacy: privacyAt(visit.language),
  };
}
