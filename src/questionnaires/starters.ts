import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';

export interface Starter {
  programme: string;
  /** What the programme and its questionnaire are called until somebody renames them. */
  programmeName: string;
  name: string;
}

export const STARTERS: Starter[] = [
  { programme: 'leaving', programmeName: 'Why customers leave', name: 'Exit questionnaire' },
  { programme: 'satisfaction', programmeName: 'How we are doing', name: 'Satisfaction questionnaire' },
];

/** The questionnaire that a programme can start from, if the product brings one. */
export function starterFor(folder: string, programme: string): Definition | undefined {
  const known = STARTERS.some((each) => each.programme === programme);
  const path = join(folder, `${programme}.json`);
  return known && existsSync(path) ? definitionSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}
