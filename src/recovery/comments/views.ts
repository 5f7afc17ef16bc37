import { formatMoment, formatNumber, languageName, directionOf } from '../../i18n/index.ts';
import type { Page } from '../../storage/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, type FormView, type PlaybookNote, type Staff } from '../../web/index.ts';
import { claimView, type ClaimView } from './claim-views.ts';
import { COMMENT_KINDS, opensCase, type CommentRow } from './comment.ts';
import type { Gift } from './gifts.ts';
import { COMMENT_VIEWS, COUNTED_UP_TO, type CommentCount, type CommentView, type WholeComment } from './interface.ts';

export interface CommentsPage {
  views: { href: string; text: string; current: boolean }[];
  /** How many of each kind the view holds; '' where there is one kind only. */
  kinds: string;
  find: FormView;
  rows: CommentLine[];
  none: string;
  next: string | null;
  first: string | null;
  links: { href: string; text: string }[];
}

interface CommentLine {
  href: string;
  words: string;
  language: string;
  direction: 'ltr' | 'rtl';
  who: string;
  when: string;
  tags: { text: string; mood: 'late' | '' }[];
}

export interface CommentPage {
  heading: string;
  back: { href: string; text: string };
  words: string;
  language: string;
  direction: 'ltr' | 'rtl';
  facts: { term: string; text: string; href: string | null }[];
  /** Why it waits. */
  held: string[];
  files: { href: string; text: string }[];
  caseLink: { href: string; text: string } | null;
  customer: { href: string; name: string } | null;
  /** Whom it may be from, for the colleague to say. */
  proposals: { id: string; text: string }[];
  /** For a colleague who knows the customer's number. */
  byReference: FormView;
  /** What the customer's field stood at. */
  from: string;
  path: string;
  kinds: { value: string; text: string; checked: boolean }[];
  canPlace: boolean;
  canSetAside: boolean;
  claim: ClaimView | null;
  /** The thank-you for reporting a problem; null where none is given. */
  gift: { text: string; given: string | null; canGive: boolean; why: string } | null;
  notes: PlaybookNote[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'comments/list': CommentsPage;
    'comments/comment': CommentPage;
  }
}

export const COMMENTS = '/comments';
const LONGEST_EXCERPT = 280;

interface ListFacts {
  view: CommentView;
  list: Page<CommentRow>;
  counts: CommentCount[];
  before: string | null;
  typed?: string;
  notFound?: boolean;
}

export function commentsPage(facts: ListFacts, staff: Staff): CommentsPage {
  const { t, role, language } = staff;
  const { view, list, counts, before } = facts;
  const at = `${COMMENTS}?view=${view}`;
  const errors: FieldErrors | undefined = facts.notFound ? { reference: { key: 'comments.find.none' } } : undefined;
  const manager = hasRole(role, 'manager') ? [{ href: '/settings/comments', text: t('accounts.comments') }] : [];
  return {
    views: COMMENT_VIEWS.map((each) => ({
      href: `${COMMENTS}?view=${each}`,
      text: `${t(`comments.view.${each}`)} ${countText(countIn(each, counts), language)}`,
      current: each === view,
    })),
    kinds: kindsIn(view, counts, staff),
    find: formView({ reference: facts.typed ?? '' }, errors, t),
    rows: list.rows.map((row) => lineOf(row, staff)),
    none: t(`comments.none.${view}`),
    next: list.next === null ? null : `${at}&before=${list.next}`,
    first: before === null ? null : at,
    links: [
      { href: '/tell-us', text: t('comments.open') },
      { href: `${COMMENTS}/poster`, text: t('comments.poster') },
      ...manager,
    ],
  };
}

const isIn = (view: CommentView, { state, kind, isOpen }: CommentCount): boolean =>
  view === 'open' ? isOpen : view === 'idea' || view === 'praise' ? state === 'list' && kind === view : state === view;

const sum = (counts: CommentCount[]) => counts.reduce((total, { count }) => total + count, 0);
const countIn = (view: CommentView, counts: CommentCount[]) => sum(counts.filter((each) => isIn(view, each)));

/** What was counted so far only is so many and more. */
const countText = (count: number, language: string) =>
  count < COUNTED_UP_TO ? formatNumber(count, language) : `${formatNumber(COUNTED_UP_TO, language)}+`;

function kindsIn(view: CommentView, counts: CommentCount[], { t }: Staff): string {
  if (view === 'idea' || view === 'praise') return '';
  const there = counts.filter((each) => isIn(view, each));
  if (sum(there) >= COUNTED_UP_TO) return '';
  const parts = COMMENT_KINDS.flatMap((kind) => {
    const count = sum(there.filter((each) => each.kind === kind));
    return count === 0 ? [] : [t(`comments.count.${kind}`, { count })];
  });
  return parts.join(' · ');
}

function lineOf(row: CommentRow, { t, language, timeZone }: Staff): CommentLine {
  return {
    href: `${COMMENTS}/${row.id}`,
    words: excerpt(row.words),
    language: row.language,
    direction: directionOf(row.language),
    who: row.name || t('comments.nameless'),
    when: formatMoment(row.created_at, language, timeZone),
    tags: [
      { text: t(`comments.tag.${row.kind}`), mood: '' as const },
      ...heldOf(row).map((why) => ({ text: t(`comments.held.${why}`), mood: 'late' as const })),
    ],
  };
}

const heldOf = ({ state, why_held }: CommentRow): string[] =>
  state === 'held' ? (JSON.parse(why_held) as string[]) : [];

function excerpt(words: string): string {
  const letters = [...words];
  return letters.length <= LONGEST_EXCERPT ? words : `${letters.slice(0, LONGEST_EXCERPT).join('')} …`;
}

interface CommentFacts {
  whole: WholeComment;
  colleagues: { id: string; name: string }[];
  gift: Gift | null;
  notes: PlaybookNote[];
  typed?: unknown;
  errors?: FieldErrors | undefined;
}

export function commentPage(
  { whole, colleagues, gift, notes, typed, errors }: CommentFacts,
  staff: Staff,
): CommentPage {
  const { comment, files, caseNumber, customer, proposals } = whole;
  const { t } = staff;
  const { case_id: caseId } = comment;
  const view = comment.state === 'list' ? comment.kind : comment.state === 'spam' ? 'spam' : 'open';
  return {
    heading: t(`comments.heading.${comment.kind}`, { reference: comment.reference }),
    back: { href: `${COMMENTS}?view=${view}`, text: t('comments.title.staff') },
    words: comment.words,
    language: comment.language,
    direction: directionOf(comment.language),
    facts: factsOf(comment, staff),
    held: heldOf(comment).map((why) => t(`comments.held.${why}.why`)),
    files: files.map(({ href, name }) => ({ href, text: name })),
    caseLink:
      caseId === null ? null : { href: `/cases/${caseId}`, text: t('comments.case', { number: caseNumber ?? '' }) },
    customer: customer && { href: `/customers/${customer.id}`, name: customer.name },
    proposals: proposals.map(({ id, name, reference }) => ({ id, text: `${name} (${reference})` })),
    byReference: formView(errors?.reference ? typed : {}, errors?.reference && { reference: errors.reference }, t),
    from: comment.customer_id ?? '',
    path: `${COMMENTS}/${comment.id}`,
    kinds: COMMENT_KINDS.filter((kind) => kind !== 'guarantee' || comment.kind === 'guarantee').map((value) => ({
      value,
      text: t(`comments.tag.${value}`),
      checked: value === comment.kind,
    })),
    canPlace: comment.state !== 'case',
    canSetAside: comment.state === 'held' || comment.state === 'list',
    claim: claimView(whole, { colleagues, typed, errors: errors?.reference ? undefined : errors }, staff),
    gift: giftOf(whole, gift, staff),
    notes,
  };
}

function factsOf(comment: CommentRow, { t, language, timeZone }: Staff): CommentPage['facts'] {
  const { name, email, telephone, wish } = comment;
  const fact = (term: string, text: string, href: string | null = null) => ({ term: t(term), text, href });
  return [
    fact('comments.name', name),
    fact('comments.email', email, email ? `mailto:${email}` : null),
    fact('comments.telephone', telephone, telephone ? `tel:${telephone.replace(/[^\d+]/g, '')}` : null),
    fact('comments.wish.term', wish ? t(`comments.wish.${wish}`) : ''),
    fact('comments.language', languageName(comment.language)),
    fact('comments.sentAt', formatMoment(comment.created_at, language, timeZone)),
  ].filter(({ text }) => text !== '');
}

function giftOf(
  { comment, customer }: WholeComment,
  gift: Gift | null,
  { t, language, timeZone }: Staff,
): CommentPage['gift'] {
  if (!gift || !opensCase(comment.kind) || comment.state !== 'case') return null;
  if (gift.offerId === null) return { text: '', given: null, canGive: false, why: t('comments.gift.unchosen') };
  const given = gift.givenAt && t('comments.gift.given', { when: formatMoment(gift.givenAt, language, timeZone) });
  const text = t('comments.gift.lead', { offer: gift.name });
  return { text, given, canGive: customer !== null, why: t('comments.gift.later') };
}
