import type { Company } from '../accounts/index.ts';
import { greetingLine } from '../customers/index.ts';
import { directionOf, formatDay, type Texts, type Translate } from '../i18n/index.ts';
import { fillIn, paragraphs } from '../questionnaires/index.ts';
import { inGroups } from './code-rules.ts';
import { needsBlank } from './layout-rules.ts';
import type { Letter, PrintJob } from './letter.ts';
import { addressLines } from './letter-rules.ts';
import { printQuestions, type PrintQuestion } from './print-questions-views.ts';
import type { Qr } from './qr.ts';

export interface PrintPage {
  title: string;
  language: string;
  css: string;
  lead: string;
  /** The same for a printer that prints the other way. */
  other: { href: string; text: string };
  /** Who is not among them, and why: to be seen on the screen only. */
  leftOut: string[];
  letters: PrintLetter[];
}

export interface PrintLetter {
  language: string;
  direction: 'ltr' | 'rtl';
  logo: { src: string; width: number; height: number; alt: string } | null;
  house: string;
  senderLine: string;
  address: string[];
  contact: string[];
  date: string;
  subject: string;
  greeting: string;
  paragraphs: string[];
  regards: string;
  signature: string[];
  online: { heading: string; lead: string; link: string; codeTerm: string; code: string; qr: Qr; label: string };
  privacy: string;
  sheetTitle: string;
  sheetLead: string;
  pages: { questions: PrintQuestion[]; first: boolean; last: boolean }[];
  /** An empty page at the end, so that the next letter begins on a sheet of its own. */
  blank: boolean;
  wish: { text: string; options: string[] };
  stop: string;
  thanks: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'post/print': PrintPage;
    'post/letter': PrintLetter;
  }
}

export interface PrintFacts {
  job: PrintJob;
  company: Company;
  senderTitle: string;
  texts: Texts;
  qrOf: (text: string) => Qr;
  baseUrl: string;
  css: string;
  today: string;
  bothSides: boolean;
}

export function printPage(facts: PrintFacts, t: Translate): PrintPage {
  const { job } = facts;
  return {
    title: t('post.print.title', { number: job.number, wave: job.wave.name }),
    language: t.language,
    css: facts.css,
    lead: t('post.print.lead', { count: job.letters.length }),
    other: facts.bothSides
      ? { href: '?sides=1', text: t('post.print.oneSided') }
      : { href: '?', text: t('post.print.bothSides') },
    leftOut: job.leftOut.map(({ name, why }) => `${name || t('post.somebody')}: ${t(`post.why.${why}`)}`),
    letters: job.letters.map((letter) => printLetter(letter, facts)),
  };
}

function printLetter(letter: Letter, facts: PrintFacts): PrintLetter {
  const { job, company, senderTitle, today } = facts;
  const { definition, wave } = job;
  const { language, customer } = letter;
  const t = facts.texts.in(language);
  const house = company.name || t('mail.us');
  const own = linesOf(company.address);
  const count = definition.questions.filter(({ condition }) => !condition).length;
  const pages = printQuestions(definition, letter, t);
  const values = { company: house, sender: wave.senderName, count, minutes: definition.minutes };
  return {
    language,
    direction: directionOf(language),
    logo: company.logo && { ...company.logo.picture, alt: house },
    house,
    senderLine: [house, ...own].join(' · '),
    address: addressLines(customer, company.country, (code) => countryIn(code, company.defaultLanguage)),
    contact: [...own, company.telephone, company.email].filter(Boolean),
    date: formatDay(today, language),
    subject: fillIn(definition.mail.subject[language] ?? '', values),
    greeting: greetingLine(customer, t),
    paragraphs: [...paragraphs(fillIn(definition.mail.body[language] ?? '', values)), t('post.letter.how')],
    regards: t('mail.regards'),
    signature: [wave.senderName, [senderTitle, house].filter(Boolean).join(', ')].filter(Boolean),
    online: onlineOf(letter, facts, t),
    privacy: t('post.letter.privacy', { company: house, count: company.retentionMonths }),
    sheetTitle: definition.title[language] ?? '',
    sheetLead: t('post.letter.sheet', { house: [house, ...own].join(', ') }),
    pages: pages.map((questions, i) => ({ questions, first: i === 0, last: i === pages.length - 1 })),
    blank: facts.bothSides && needsBlank(pages.length + 1),
    wish: {
      text: t('answering.contact.heading'),
      options: ['phone', 'mail', 'no'].map((wish) => t(`answering.contact.${wish}`)),
    },
    stop: t('post.letter.stop'),
    thanks: t('post.letter.thanks'),
  };
}

function onlineOf({ code }: Letter, { baseUrl, qrOf }: PrintFacts, t: Translate): PrintLetter['online'] {
  const link = `${baseUrl.replace(/^https?:\/\//, '')}/p`;
  return {
    heading: t('post.letter.online'),
    lead: t('post.letter.onlineLead'),
    link,
    codeTerm: t('post.letter.code'),
    code: inGroups(code),
    qr: qrOf(`${baseUrl}/p/${code}`),
    label: t('post.letter.qr', { link }),
  };
}

/** In the language of the sender's country, whose post reads it first. */
function countryIn(code: string, language: string): string {
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'code' }).of(code) ?? code;
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
