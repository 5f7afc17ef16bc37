import type { Translate } from '../i18n/index.ts';
import type { Choice } from './choices.ts';
import type { Stored } from './company.ts';

/** The sections of the settings that the first run walks through, in this order. */
const SECTIONS = ['company', 'place', 'notices', 'mail', 'languages'] as const;
export type Section = (typeof SECTIONS)[number];

/** Where a section stands: among the settings, or as a step of the first run. */
export interface Walk {
  back: Choice;
  step: string | null;
  skip: Choice | null;
  save: string;
}

export interface SetupPage {
  lead: string;
  steps: { href: string; text: string; mark: string; kind: string; state: string }[];
  sample: boolean;
}

declare module '../web/render.ts' {
  interface Templates {
    'accounts/setup': SetupPage;
    'accounts/walk': Walk;
  }
}

const pathOf = (section: Section) => `/settings/${section}`;

/** Where saving a section leads: to the next step of the first run, else back to itself. */
export function nextPath(section: Section, setUp: boolean): string {
  if (setUp) return pathOf(section);
  const next = SECTIONS[SECTIONS.indexOf(section) + 1];
  return next ? pathOf(next) : '/setup';
}

export function walk(section: Section, setUp: boolean, t: Translate): Walk {
  if (setUp) {
    return { back: { value: '/settings', text: t('nav.settings') }, step: null, skip: null, save: t('form.save') };
  }
  return {
    back: { value: '/setup', text: t('accounts.setup') },
    step: t('accounts.setup.step', { number: SECTIONS.indexOf(section) + 1, of: SECTIONS.length }),
    skip: { value: nextPath(section, false), text: t('accounts.setup.skip') },
    save: t('accounts.setup.saveOn'),
  };
}

interface SetupGiven {
  saved: Stored & { saved: Set<string> };
  environmentMail: boolean;
  textsWaiting: number;
  sample: boolean;
  name: string;
}

export function setupPage({ saved, environmentMail, textsWaiting, sample, name }: SetupGiven, t: Translate): SetupPage {
  const done: Record<Section, boolean> = {
    company: saved.company.name !== '',
    place: saved.saved.has('place'),
    notices: saved.saved.has('notices'),
    mail: environmentMail || saved.saved.has('mail'),
    languages: textsWaiting === 0,
  };
  return {
    lead: t('accounts.setup.lead', { name }),
    steps: SECTIONS.map((section, i) => ({
      href: pathOf(section),
      text: t(`accounts.${section}`),
      mark: done[section] ? '✓' : String(i + 1),
      kind: done[section] ? 'done' : 'open',
      state: t(done[section] ? 'accounts.setup.done' : `accounts.${section}.hint`),
    })),
    sample,
  };
}
