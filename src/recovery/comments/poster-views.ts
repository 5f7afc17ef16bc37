import type { Company } from '../../accounts/index.ts';
import { directionOf, type Translate } from '../../i18n/index.ts';
import type { Qr } from '../../post/index.ts';

interface PosterSheet {
  heading: string;
  lines: string[];
  /** The address as it is typed. */
  link: string;
  foot: string;
}

export interface PosterPage extends PosterSheet {
  title: string;
  /** Where it is to hang. */
  print: string;
  css: string;
  language: string;
  /** Of the sheet. */
  lang: string;
  direction: 'ltr' | 'rtl';
  house: string;
  logo: { src: string; width: number; height: number; alt: string } | null;
  qr: Qr;
  others: { href: string; text: string }[];
  back: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'comments/poster': PosterPage;
  }
}

interface PosterFacts {
  sheet: PosterSheet;
  print: string;
  qr: Qr;
  company: Pick<Company, 'name' | 'logo'>;
  language: string;
  others: { href: string; text: string }[];
  back: string;
  css: string;
}

/** One A4 sheet with a heading, a QR code and the address beneath it. */
export function posterPage(facts: PosterFacts, t: Translate): PosterPage {
  const { sheet, print, qr, company, language, others, back, css } = facts;
  return {
    ...sheet,
    title: t('comments.poster'),
    print,
    css,
    language: t.language,
    lang: language,
    direction: directionOf(language),
    house: company.name,
    logo: company.logo && { ...company.logo.picture, alt: company.name },
    qr,
    others,
    back,
  };
}
