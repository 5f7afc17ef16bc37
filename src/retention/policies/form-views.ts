import { formatDay, formatMoment, languageIn } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type Block, type FormView, type Staff } from '../../web/index.ts';
import { blocksOf } from '../playbook/markup.ts';
import { formLanguages } from '../wording.ts';
import { typedPolicy } from './forms.ts';
import type { Policy, PolicyCode, PolicyVersion } from './policy.ts';
import { codeName, wordsOf } from './words.ts';

const AT = '/policies';

export interface PolicyForm {
  title: string;
  action: string;
  back: string;
  form: FormView;
  seen: number | null;
  codes: { value: string; text: string }[];
  owners: { value: string; text: string }[];
  languages: { name: string; code: string; open: boolean }[];
}

export interface PolicyVersions {
  title: string;
  back: string;
  rows: { heading: string; note: string; terms: string; said: string; language: string; blocks: Block[] }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/policy-form': PolicyForm;
    'retention/policy-versions': PolicyVersions;
  }
}

interface FormFacts {
  policy: Policy | null;
  codes: Map<string, PolicyCode>;
  owners: { id: string; name: string }[];
  programmeNames: Map<string, string>;
  today: string;
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
  /** Named by a link from where the reason is read. */
  code?: string | undefined;
}

export function policyForm(facts: FormFacts, { id, t }: Staff): PolicyForm {
  const { policy, codes, owners, typed, errors, today } = facts;
  const standing = policy ? typedPolicy(policy) : { owner: id, inForce: today, code: facts.code ?? '' };
  const offered = [...codes.values()].filter((code) => code.offered);
  return {
    title: t(policy ? 'policies.edit' : 'policies.new'),
    action: policy ? `${AT}/${policy.id}` : AT,
    back: policy ? `${AT}/${policy.id}` : AT,
    form: formView(typed ?? standing, errors, t),
    seen: policy?.number ?? null,
    codes: offered.map((code) => ({
      value: code.id,
      text: `${facts.programmeNames.get(code.programmeKey) ?? ''}: ${codeName(code, t.language)}`,
    })),
    owners: owners.map((each) => ({ value: each.id, text: each.name })),
    languages: formLanguages(t.language, policy?.texts ?? {}).map(({ language: code, open }) => ({
      code,
      name: languageIn(code, t.language),
      open,
    })),
  };
}

interface VersionFacts {
  policy: Policy;
  versions: PolicyVersion[];
  colleagues: { id: string; name: string }[];
  fallback: string;
}

export function policyVersions({ policy, versions, colleagues, fallback }: VersionFacts, staff: Staff): PolicyVersions {
  const { t, timeZone } = staff;
  const nameOf = (id: string | null) => colleagues.find((each) => each.id === id)?.name ?? 'Comeback';
  return {
    title: wordsOf(policy, t.language, fallback).said,
    back: `${AT}/${policy.id}`,
    rows: versions.map((version) => {
      const { said, did, language } = wordsOf(version, t.language, fallback);
      return {
        heading: t('playbook.version', { number: version.number }),
        note: t(version.asks ? 'playbook.version.asked' : 'playbook.version.quiet', {
          name: nameOf(version.accountId),
          at: formatMoment(version.createdAt, t.language, timeZone),
        }),
        terms: t('policies.terms', { name: nameOf(version.ownerId), day: formatDay(version.inForceOn, t.language) }),
        said,
        language,
        blocks: blocksOf(did),
      };
    }),
  };
}
