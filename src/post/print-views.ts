import type { Company } from '../accounts/index.ts';
import type { Texts, Translate } from '../i18n/index.ts';
import { fillIn, paragraphs } from '../questionnaires/index.ts';
import { inGroups } from './code-rules.ts';
import { codeAddress, letterHead, ownAddress, type LetterHead } from './head-views.ts';
import { needsBlank } from './layout-rules.ts';
import type { Letter, PrintJob } from './letter.ts';
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

export interface PrintLetter extends LetterHead {
  subject: string;
  paragraphs: string[];
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

interface PrintFacts {
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
  const t = facts.texts.to(language, definition.familiar ?? []);
  const head = letterHead(company, customer, today, t);
  const { house } = head;
  const count = definition.questions.filter(({ condition }) => !condition).length;
  const pages = printQuestions(definition, letter, t);
  const values = { company: house, sender: wave.senderName, count, minutes: definition.minutes };
  return {
    ...head,
    subject: fillIn(definition.mail.subject[language] ?? '', values),
    paragraphs: [...paragraphs(fillIn(definition.mail.body[language] ?? '', values)), t('post.letter.how')],
    signature: [wave.senderName, [senderTitle, house].filter(Boolean).join(', ')].filter(Boolean),
    online: onlineOf(letter, facts, t),
    privacy: t('post.letter.privacy', { company: house, count: company.retentionMonths }),
    sheetTitle: definition.title[language] ?? '',
    sheetLead: t('post.letter.sheet', { house: [house, ...ownAddress(company)].join(', ') }),
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
  const link = codeAddress(baseUrl);
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
