import type { PolicyNote, Staff } from '../../web/index.ts';
import type { RetentionWeb } from '../web.ts';
import { stateWords, wordsOf } from './words.ts';

/** The policies that stand because of a code, in the reader's language where they are written in it; the newest first. */
export async function policyNotes(
  { retention: { policies }, accounts }: Pick<RetentionWeb, 'retention' | 'accounts'>,
  codeId: string,
  { t }: Staff,
): Promise<PolicyNote[]> {
  const found = await policies.ofCode(codeId);
  if (found.length === 0) return [];
  const { defaultLanguage } = await accounts.company();
  const today = await policies.today();
  return found.map((policy) => ({
    href: `/policies/${policy.id}`,
    ...wordsOf(policy, t.language, defaultLanguage),
    state: stateWords(policy, today, t),
  }));
}
