import type { PolicyNote, Staff } from '../../web/index.ts';
import type { RetentionWeb } from '../web.ts';
import type { Policy, PolicyCode } from './policy.ts';
import { stateWords, wordsOf } from './words.ts';

/** Those about this code, about one below it, or about the one above that holds it. */
export function aboutCode(policies: Policy[], codes: Map<string, PolicyCode>, codeId: string): Policy[] {
  const family = codes.get(codeId)?.family ?? [];
  return policies.filter((policy) => {
    const theirs = codes.get(policy.codeId)?.family ?? [];
    return family.includes(policy.codeId) || theirs.includes(codeId);
  });
}

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
