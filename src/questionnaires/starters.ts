import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Translate } from '../i18n/index.ts';
import { once } from '../shared/once.ts';
import { definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';

interface Starter {
  programme: string;
  /** What the programme and its questionnaire are called until somebody renames them. */
  programmeName: string;
  name: string;
}

export const STARTERS: Starter[] = [
  { programme: 'leaving', programmeName: 'Why customers leave', name: 'Exit questionnaire' },
  { programme: 'satisfaction', programmeName: 'How we are doing', name: 'Satisfaction questionnaire' },
];

/**
 * What a questionnaire of any programme but leaving can begin with, too: what is asked before, while and after something
 * is delivered or done for a customer, and after a complaint.
 */
export const TOUCHPOINTS = ['before', 'during', 'after', 'complaint'] as const;
type Touchpoint = (typeof TOUCHPOINTS)[number];

export const isTouchpoint = (name: string): name is Touchpoint => (TOUCHPOINTS as readonly string[]).includes(name);

export const hasTouchpoints = (programme: string): boolean => programme !== 'leaving';

export function touchpointFor(folder: string, name: Touchpoint): Definition {
  return definitionSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
}

/** A programme's or questionnaire's name; those that the product brought along are named in the reader's language. */
export function nameInWords(name: string, t: Translate): string {
  const starter = STARTERS.find((each) => each.programmeName === name || each.name === name);
  if (!starter) return name;
  return t(`questionnaires.starter.${starter.programme}.${starter.name === name ? 'questionnaire' : 'programme'}`);
}

/** What reminders say in a programme until somebody words them otherwise; a programme of one's own borrows. */
export function usualReminders(folder: string): (programme: string) => Definition['reminders'] {
  const known = once(
    () => new Map(STARTERS.map(({ programme }) => [programme, starterFor(folder, programme)?.reminders])),
  );
  return (programme) => structuredClone(known().get(programme) ?? known().get('satisfaction'));
}

/** The questionnaire that a programme can start from, if the product brings one. */
export function starterFor(folder: string, programme: string): Definition | undefined {
  const known = STARTERS.some((each) => each.programme === programme);
  const path = join(folder, `${programme}.json`);
  return known && existsSync(path) ? definitionSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}
