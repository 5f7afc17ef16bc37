import type { Translate } from '../i18n/index.ts';

/** To be spread into the view of each list of this section; views/retention/tabs.ejs shows it. */
export interface RetentionTabs {
  tabs: { href: string; text: string; current: boolean }[];
}

declare module '../web/render.ts' {
  interface Templates {
    'retention/tabs': RetentionTabs;
  }
}

const PAGES = [
  { href: '/playbook', text: 'nav.playbook' },
  { href: '/goals', text: 'goals.title' },
  { href: '/policies', text: 'policies.title' },
] as const;

export const retentionTabs = (current: (typeof PAGES)[number]['href'], t: Translate): RetentionTabs => ({
  tabs: PAGES.map(({ href, text }) => ({ href, text: t(text), current: href === current })),
});
