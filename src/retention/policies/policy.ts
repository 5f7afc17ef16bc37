import type { Readable } from '../reading/service.ts';
import type { Wording } from '../wording.ts';

/** What a policy is written in: what they said, and what we do about it. */
export const POLICY_PARTS = { said: 300, did: 2000 };
/** What is written to those who said it. */
export const LETTER_PARTS = { subject: 80, body: 2000 };

type PolicyState = 'planned' | 'in_force' | 'withdrawn';

export interface Policy extends Readable {
  codeId: string;
  texts: Wording;
  ownerId: string;
  /** A plain date. */
  inForceOn: string;
  withdrawnOn: string | null;
  createdAt: string;
}

export interface PolicyText {
  texts: Wording;
  ownerId: string;
  inForceOn: string;
}

export interface PolicyVersion extends PolicyText {
  number: number;
  asks: boolean;
  accountId: string | null;
  createdAt: string;
}

/** A code with where it stands, as a policy names it. */
export interface PolicyCode {
  id: string;
  key: string;
  programmeKey: string;
  /** By language. */
  labels: Record<string, string>;
  /** Itself, what was merged into it, and the codes below it. */
  family: string[];
  offered: boolean;
}

export function stateOn({ inForceOn, withdrawnOn }: Policy, today: string): PolicyState {
  if (withdrawnOn !== null) return 'withdrawn';
  return inForceOn > today ? 'planned' : 'in_force';
}

/** Those about this code, about one below it, or about the one above that holds it. */
export function aboutCode(policies: Policy[], codes: Map<string, PolicyCode>, codeId: string): Policy[] {
  const family = codes.get(codeId)?.family ?? [];
  return policies.filter((policy) => {
    const theirs = codes.get(policy.codeId)?.family ?? [];
    return family.includes(policy.codeId) || theirs.includes(codeId);
  });
}
