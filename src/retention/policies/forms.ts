import { z } from 'zod';
import { day } from '../../customers/index.ts';
import { isId } from '../../shared/ids.ts';
import { versionSeen } from '../goals/forms.ts';
import { typedWording, wordingForm } from '../wording.ts';
import { LETTER_PARTS, POLICY_PARTS, type Policy } from './policy.ts';

const common = z.object({
  owner: z.string('goals.error.owner').refine(isId, { error: 'goals.error.owner' }),
  inForce: day,
});

const words = (own: string) => wordingForm(POLICY_PARTS, own, 'policies.error.words').transform((texts) => ({ texts }));

export const newPolicyForm = (own: string) =>
  z
    .intersection(
      common.extend({ code: z.string('policies.error.code').refine(isId, { error: 'policies.error.code' }) }),
      words(own),
    )
    .transform(({ owner, inForce, code, texts }) => ({ texts, ownerId: owner, inForceOn: inForce, codeId: code }));

export const changePolicyForm = (own: string) =>
  z
    .intersection(common.extend({ seen: versionSeen, asks: z.string().optional() }), words(own))
    .transform(({ owner, inForce, seen, asks, texts }) => ({
      seen,
      given: { texts, ownerId: owner, inForceOn: inForce, asks: asks === '1' },
    }));

export const letterForm = (own: string) =>
  z.intersection(
    z.object({ seen: z.coerce.number('form.invalid').int('form.invalid').min(0, 'form.invalid').max(100_000) }),
    wordingForm(LETTER_PARTS, own, 'policies.error.letterWords').transform((texts) => ({
      texts: Object.fromEntries(
        Object.entries(texts).map(([language, { subject = '', body = '' }]) => [
          language,
          { subject: subject.replace(/\s+/g, ' ').trim(), body },
        ]),
      ),
    })),
  );

export const sendForm = z.object({
  seen: versionSeen,
  after: z
    .string()
    .refine((text) => text === '' || isId(text))
    .default(''),
});

export function typedPolicy({ texts, ownerId, inForceOn }: Policy): Record<string, string> {
  return { ...typedWording(texts), owner: ownerId, inForce: inForceOn, asks: '1' };
}
