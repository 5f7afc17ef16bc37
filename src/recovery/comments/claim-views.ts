import { formatMoment } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formatMoney } from '../../shared/money.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { REMEDIES } from '../cases/remedies.ts';
import type { RemedyRow } from '../cases/remedy-store.ts';
import type { WholeComment } from './interface.ts';

export interface ClaimView {
  form: FormView;
  kinds: { value: string; text: string }[];
  /** Null where nobody has decided it. */
  decided: {
    /** Granted, with what makes good and what it costs; or declined. */
    what: string;
    by: string;
    words: string;
    /** What has become of what was granted. */
    state: { text: string; mood: string } | null;
  } | null;
}

interface Given {
  colleagues: { id: string; name: string }[];
  typed?: unknown;
  errors?: FieldErrors | undefined;
}

export function claimView(whole: WholeComment, { colleagues, typed, errors }: Given, staff: Staff): ClaimView | null {
  const { t } = staff;
  if (!whole.claim) return null;
  const form = formView(typed ?? {}, errors, t);
  const kinds = [
    { value: '', text: t('comments.claim.kind.choose') },
    ...REMEDIES.map((value) => ({ value, text: t(`cases.remedy.${value}`) })),
  ];
  return { form, kinds, decided: decidedOf(whole, colleagues, staff) };
}

function decidedOf(
  { claim, remedy }: WholeComment,
  colleagues: Given['colleagues'],
  staff: Staff,
): ClaimView['decided'] {
  if (!claim || claim.state === 'open' || claim.decided_at === null) return null;
  const { t, language, timeZone, currency } = staff;
  const said = (key: string, by: string | null, at: string) => {
    const name = colleagues.find(({ id }) => id === by)?.name ?? t('comments.somebody');
    return t(`comments.claim.${key}`, { name, when: formatMoment(at, language, timeZone) });
  };
  const minor = Number(claim.amount_minor ?? 0);
  const amount = minor > 0 ? formatMoney(minor, currency, language) : '';
  const what = [remedy ? t(`cases.remedy.${remedy.kind}`) : '', amount].filter(Boolean).join(', ');
  return {
    what: [t(`comments.claim.is.${claim.state}`), what].filter(Boolean).join(': '),
    by: said(claim.state, claim.decided_by, claim.decided_at),
    words: claim.words,
    state: remedy ? { text: stateOf(remedy, said, t), mood: MOODS[remedy.state] } : null,
  };
}

const MOODS = { proposed: 'late', approved: '', declined: '', given: 'good', withdrawn: '' } as const;

function stateOf(
  { state, decided_by, decided_at, given_by, given_at, proposed_at, proposed_by }: RemedyRow,
  said: (key: string, by: string | null, at: string) => string,
  t: Staff['t'],
): string {
  if (state === 'given') return said('given', given_by, given_at ?? proposed_at);
  // Who granted it within their limit has approved it by that.
  if (state === 'approved' && decided_by === proposed_by) return t('comments.claim.state.ready');
  if (state === 'approved') return said('approved', decided_by, decided_at ?? proposed_at);
  if (state === 'declined') return said('refused', decided_by, decided_at ?? proposed_at);
  return t(`cases.remedy.state.${state}`);
}
