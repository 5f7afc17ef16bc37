import { z } from 'zod';
import type { Reason } from './rules.ts';

/** Written by us alone. */
const reasonsSchema = z.array(z.looseObject({ kind: z.string() })).transform((all) => all as unknown as Reason[]);

/** The reasons of a flag as they are stored: JSON. */
export const readReasons = (stored: string): Reason[] => reasonsSchema.parse(JSON.parse(stored));
