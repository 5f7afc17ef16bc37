import { formatDay, formatShare, languageIn, type Translate } from '../../i18n/index.ts';
import { hasRole, type Block, type Staff } from '../../web/index.ts';
import { aroundWords, withBase } from '../figure-words.ts';
import type { Figure } from '../figures.ts';
import { blocksOf } from '../playbook/markup.ts';
import type { Reader } from '../reading/service.ts';
import { readersView, readTag, type ReadersView } from '../reading/views.ts';
import { retentionTabs, type RetentionTabs } from '../tabs.ts';
import { FEW, INDICATIVE, type Effect, type Window } from './effect-rules.ts';
import { stateOn, type Policy, type PolicyCode } from './policy.ts';
import { LEAVING } from './looking.ts';
import { codeHref, codeName, effectWords, seasonWords, stateWords, verdictWords, wordsOf } from './words.ts';

export interface PoliciesPage extends RetentionTabs {
  lead: string;
  mayWrite: boolean;
  none: string | null;
  rows: PolicyLine[];
  withdrawn: PolicyLine[];
}

interface PolicyLine {
  href: string;
  said: string;
  did: string;
  language: string;
  code: string;
  state: string;
  owner: string;
  verdict: string;
  mood: string;
  change: string;
  tag: { text: string; mood: string } | null;
  readers: string;
}

export interface PolicyPage {
  said: string;
  language: string;
  otherwise: string | null;
  did: Block[];
  state: string;
  facts: { term: string; value: string; href: string }[];
  effect: EffectView | null;
  notYet: string;
  told: { text: string; href: string | null };
  reading: ReadersView;
  writing: { edit: string; versions: string; withdraw: { action: string; seen: number } | null } | null;
}

export interface EffectView {
  words: string;
  mood: string;
  season: string;
  rows: EffectRow[];
  bars: boolean;
}

interface EffectRow {
  name: string;
  days: string;
  share: string;
  around: string;
  soft: boolean;
  bar: { width: string; whisker: string } | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/policies': PoliciesPage;
    'retention/policy': PolicyPage;
    'retention/effect': EffectView;
  }
}

const AT = '/policies';

export interface ListFacts {
  all: { policy: Policy; effect: Effect | null }[];
  codes: Map<string, PolicyCode>;
  read: Map<string, number>;
  readers: Map<string, Reader[]>;
  owners: Map<string, string>;
  fallback: string;
  today: string;
}

export function policiesPage(facts: ListFacts, staff: Staff): PoliciesPage {
  const { role, t } = staff;
  const standing = facts.all.filter(({ policy }) => policy.withdrawnOn === null);
  const mayWrite = hasRole(role, 'manager');
  const lower = standing.filter(({ effect }) => effect?.comparison.verdict === 'lower').length;
  return {
    ...retentionTabs(AT, t),
    lead: standing.length === 0 ? t('policies.lead.none') : t('policies.lead', { count: standing.length, lower }),
    mayWrite,
    none: standing.length > 0 ? null : t(mayWrite ? 'policies.none.manager' : 'policies.none.staff'),
    rows: standing.map((each) => lineOf(each, facts, staff)),
    withdrawn: facts.all.filter(({ policy }) => policy.withdrawnOn !== null).map((each) => lineOf(each, facts, staff)),
  };
}

function lineOf({ policy, effect }: ListFacts['all'][number], facts: ListFacts, staff: Staff): PolicyLine {
  const { t } = staff;
  const known = facts.readers.get(policy.id) ?? [];
  const share = (of: Figure) => (of.base < FEW ? '–' : withBase(of, '', t));
  return {
    href: `${AT}/${policy.id}`,
    ...wordsOf(policy, t.language, facts.fallback),
    code: codeName(facts.codes.get(policy.codeId), t.language),
    state: stateWords(policy, facts.today, t),
    owner: facts.owners.get(policy.ownerId) ?? '–',
    verdict: verdictWords(effect, t),
    mood: moodOf(effect, facts.codes.get(policy.codeId)),
    change: effect ? t('policies.change', { before: share(effect.before), after: share(effect.after) }) : '',
    tag: policy.withdrawnOn === null ? readTag(policy, facts.read.get(policy.id) ?? 0, t) : null,
    readers: hasRole(staff.role, 'manager')
      ? t('playbook.progress', { read: known.filter((each) => each.current).length, of: known.length })
      : '',
  };
}

/** That a reason for leaving is given less often is good; of what customers value nobody can say so. */
function moodOf(effect: Effect | null, code: PolicyCode | undefined): string {
  if (code?.programmeKey !== LEAVING) return '';
  if (effect?.comparison.verdict === 'lower') return 'good';
  return effect?.comparison.verdict === 'higher' ? 'late' : '';
}

interface PageFacts {
  policy: Policy;
  code: PolicyCode | undefined;
  effect: Effect | null;
  readers: Reader[];
  owner: string;
  told: Record<string, number>;
  fallback: string;
  today: string;
}

export function policyPage(facts: PageFacts, staff: Staff): PolicyPage {
  const { policy, effect, fallback, today } = facts;
  const { t } = staff;
  const { said, did, language } = wordsOf(policy, t.language, fallback);
  const at = `${AT}/${policy.id}`;
  const standing = policy.withdrawnOn === null;
  return {
    said,
    language,
    otherwise: language === t.language ? null : t('playbook.otherwise', { language: languageIn(language, t.language) }),
    did: blocksOf(did),
    state: stateWords(policy, today, t),
    facts: factsOf(facts, staff),
    effect: effect && effectView(effect, facts.code, t),
    notYet: effectWords(null, t),
    told: toldView(facts, staff),
    reading: readersView(policy, facts.readers, standing ? `${at}/reading` : null, staff),
    writing: hasRole(staff.role, 'manager')
      ? {
          edit: standing ? `${at}/edit` : '',
          versions: `${at}/versions`,
          withdraw: standing ? { action: `${at}/withdrawal`, seen: policy.number } : null,
        }
      : null,
  };
}

function factsOf({ policy, code, owner }: PageFacts, { t, role }: Staff): PolicyPage['facts'] {
  return [
    {
      term: t('policies.code'),
      value: codeName(code, t.language),
      href: code && hasRole(role, 'manager') ? codeHref(code) : '',
    },
    { term: t('goals.owner'), value: owner, href: '' },
    { term: t('policies.inForceOn'), value: formatDay(policy.inForceOn, t.language), href: '' },
  ];
}

function toldView({ policy, told, today }: PageFacts, { t, role }: Staff): PolicyPage['told'] {
  const sent = (told.sent ?? 0) + (told.unknown ?? 0);
  const waiting = (told.queued ?? 0) + (told.sending ?? 0);
  const text = sent + waiting === 0 ? t('policies.told.none') : t('policies.told.some', { count: sent, waiting });
  const may = hasRole(role, 'manager') && stateOn(policy, today) === 'in_force';
  return { text, href: may || (hasRole(role, 'manager') && sent + waiting > 0) ? `${AT}/${policy.id}/message` : null };
}

function effectView(effect: Effect, code: PolicyCode | undefined, t: Translate): EffectView {
  const { windows, before, after, yearBefore } = effect;
  const figures = [before, after, ...(yearBefore ? [yearBefore.figure] : [])];
  const axis = Math.max(0.1, ...figures.map(({ high, base }) => (base < FEW ? 0 : (high ?? 0))));
  const row = (name: string, window: Window, figure: Figure) => effectRow(name, window, figure, axis, t);
  return {
    words: effectWords(effect, t),
    mood: moodOf(effect, code),
    season: seasonWords(effect, t),
    rows: [
      row(t('policies.window.before'), windows.before, before),
      row(t('policies.window.after'), windows.after, after),
      ...(windows.yearBefore && yearBefore
        ? [row(t('policies.window.yearBefore'), windows.yearBefore, yearBefore.figure)]
        : []),
    ],
    bars: figures.some(({ base }) => base >= FEW),
  };
}

function effectRow(name: string, { from, to }: Window, figure: Figure, axis: number, t: Translate): EffectRow {
  const { value, low, high, base } = figure;
  const few = value === null || base < FEW;
  const percent = (share: number) => ((share / axis) * 100).toFixed(1);
  const whisker = few || low === null || high === null ? '' : whiskerOf(percent(low), percent(high));
  return {
    name,
    days: t('policies.window.days', { from: formatDay(from, t.language), to: formatDay(to, t.language) }),
    share: few ? t('reports.tooFew') : formatShare(value, t.language, 1),
    around: few ? t('goals.figure.base', { count: base }) : aroundWords(figure, t),
    soft: base < INDICATIVE,
    bar: few ? null : { width: percent(value), whisker },
  };
}

const whiskerOf = (from: string, to: string): string => `M${from} 14H${to}M${from} 8V20M${to} 8V20`;
