import type { Translate } from '../i18n/index.ts';
import { hasRole, type Staff } from '../web/index.ts';

interface Tab {
  href: string;
  text: string;
  current: boolean;
}

/** To be spread into the view of each page with figures; views/reports/tabs.ejs shows it. */
export interface ReportTabs {
  tabs: Tab[];
}

const PAGES = [
  { href: '/leaving', text: 'reports.tab.leaving', role: 'manager' },
  { href: '/satisfaction', text: 'reports.tab.satisfaction', role: 'manager' },
  { href: '/retention', text: 'reports.tab.retention', role: 'manager' },
  { href: '/value', text: 'reports.tab.value', role: 'manager' },
  { href: '/risk', text: 'reports.tab.risk', role: 'staff' },
  { href: '/winning-back', text: 'reports.tab.effect', role: 'manager' },
  { href: '/summary', text: 'reports.tab.summary', role: 'manager' },
] as const;

/** The pages with figures that this colleague may see. */
export function reportTabs(current: string, { role, t }: { role: Staff['role']; t: Translate }): ReportTabs {
  const tabs = PAGES.filter((page) => hasRole(role, page.role)).map(({ href, text }) => ({
    href,
    text: t(text),
    current: href === current,
  }));
  return { tabs };
}

declare module '../web/render.ts' {
  interface Templates {
    'reports/tabs': ReportTabs;
  }
}
