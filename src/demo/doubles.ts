import type { DemoCompany, DemoCustomer } from './model.ts';
import { ascii } from './people.ts';

/** What a second record has otherwise than the first; the rest of who they are is the same. */
type Otherwise = (first: DemoCustomer) => Partial<DemoCustomer>;

const UMLAUTS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' };
const plain = (name: string) => name.replace(/[äöüÄÖÜ]/g, (letter) => UMLAUTS[letter] ?? letter);

/** Typed by a colleague without the key for it; in the wrong boxes of a form; from a list with initials. */
const DOUBLES: { language: string; fits(first: DemoCustomer): boolean; otherwise: Otherwise }[] = [
  {
    language: 'de',
    fits: ({ family_name }) => /[äöü]/.test(family_name),
    otherwise: ({ family_name, given_name }) => ({ family_name: plain(family_name), given_name: plain(given_name) }),
  },
  {
    language: 'nl',
    fits: ({ given_name, family_name }) => /^\p{Lu}\p{Ll}+$/u.test(given_name) && /^\p{Lu}\p{Ll}+$/u.test(family_name),
    otherwise: ({ family_name, given_name }) => ({ family_name: given_name, given_name: family_name, telephone: '' }),
  },
  {
    language: 'nb',
    fits: ({ given_name }) => /^\p{Lu}\p{Ll}+$/u.test(given_name),
    otherwise: ({ given_name }) => ({ given_name: `${given_name.slice(0, 1)}.`, title: '' }),
  },
];

/** A few who are customers twice, as it happens everywhere: somebody was added again, and nobody noticed. */
export function withDoubles(company: DemoCompany): DemoCompany {
  const seconds = new Map<string, DemoCustomer>();
  const taken = new Set<string>();
  for (const { language, fits, otherwise } of DOUBLES) {
    const among = company.customers.filter(
      (one) =>
        one.language === language && one.status === 'active' && one.organisation === '' && !taken.has(one.reference),
    );
    const first = among.find(fits);
    const second = first && among.findLast((one) => one.gender === first.gender && one.reference > first.reference);
    if (!first || !second) continue;
    taken.add(first.reference).add(second.reference);
    seconds.set(second.reference, { ...second, ...sameAs(first, second), ...otherwise(first) });
  }
  return { ...company, customers: company.customers.map((one) => seconds.get(one.reference) ?? one) };
}

/** The e-mail address is another one of theirs: with the same, colleagues would have been told at once. */
function sameAs(first: DemoCustomer, second: DemoCustomer): Partial<DemoCustomer> {
  const { title, given_name, family_name, telephone, street, postal_code, city, region, country, time_zone } = first;
  const email = second.email && `${ascii(`${family_name}.${given_name}`)}@example.com`;
  return { title, given_name, family_name, telephone, street, postal_code, city, region, country, time_zone, email };
}
