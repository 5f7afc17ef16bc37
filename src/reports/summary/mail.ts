import { z } from 'zod';
import type { Translate } from '../../i18n/index.ts';
import type { Composed, Composer, Message } from '../../mailer/index.ts';
import { hasRole } from '../../web/index.ts';
import type { MonthSummary, SummaryDeps } from './deps.ts';
import { monthWords, type MonthWords } from './words.ts';

const detailSchema = z.object({ month: z.string() });

/** Three reasons are read in a mail; the page has the others. */
const MOST_REASONS = 3;

export interface SummaryLetter {
  language: string;
  subject: string;
  greeting: string;
  lead: string;
  /** `note` stands below the lines: what they rest on. */
  sections: { heading: string; lines: string[]; note?: string }[];
  button: { href: string; text: string; orCopy: string };
  closing: string[];
  footer: { text: string; link: { href: string; text: string } };
}

declare module '../../web/render.ts' {
  interface Templates {
    'mail/summary': SummaryLetter;
  }
}

type Deps = Pick<SummaryDeps, 'accounts' | 'texts' | 'render' | 'baseUrl'>;

/** Numbers, reasons and a link, no customer: it goes to a mailbox. In the language of whoever gets it. */
export function summaryComposer(
  { accounts, texts, render, baseUrl }: Deps,
  monthOf: (month: string) => Promise<MonthSummary>,
): Composer {
  return async (mails) => {
    const company = await accounts.company();
    const colleagues = await accounts.colleagues();
    const house = company.name || 'Comeback';
    const months = new Map<string, MonthSummary>();
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const { month } = detailSchema.parse(detail);
      const to = colleagues.find((each) => each.id === subjectId && each.active);
      if (!to || !hasRole(to.role, 'manager')) {
        composed.set(mailId, { cancel: 'account gone' });
        continue;
      }
      const summary = months.get(month) ?? (await monthOf(month));
      months.set(month, summary);
      const t = texts.in(to.language);
      const letter = letterOf(summary, { name: to.name, house, baseUrl }, t);
      const message: Message = {
        from: { name: house },
        to: { name: to.name, address: to.email },
        subject: letter.subject,
        language: t.language,
        text: plainText(letter),
        html: String(render('mail/summary', letter, { t, csrf: '' })),
      };
      composed.set(mailId, message);
    }
    return composed;
  };
}

function letterOf(
  summary: MonthSummary,
  { name, house, baseUrl }: { name: string; house: string; baseUrl: string },
  t: Translate,
): SummaryLetter {
  const words = monthWords(summary, t);
  const sections = sectionsOf(words, t).filter(({ lines, note }) => lines.length > 0 || note);
  return {
    language: t.language,
    subject: t('summary.mail.subject', { month: words.title }),
    greeting: t('accounts.letter.greeting', { name }),
    lead: words.lead,
    sections,
    button: {
      href: `${baseUrl}/summary?month=${summary.month}`,
      text: t('summary.mail.button'),
      orCopy: t('accounts.letter.orCopy'),
    },
    closing: [house],
    footer: { text: t('summary.mail.why'), link: { href: `${baseUrl}/me`, text: t('summary.mail.stop') } },
  };
}

function sectionsOf(words: MonthWords, t: Translate): SummaryLetter['sections'] {
  const { changes, compared, reasons, known, measures, risk, winback, goals, noGoals, cases } = words;
  return [
    changes.length > 0
      ? { heading: t('summary.changes'), lines: changes, note: compared }
      : { heading: t('summary.changes'), lines: [compared] },
    {
      heading: t('summary.reasons'),
      lines: reasons
        .slice(0, MOST_REASONS)
        .map(({ name: reason, money, n, share, interval }) =>
          t('summary.mail.reason', { reason, money, n, share: [share, interval].filter(Boolean).join(' ') }),
        ),
      note: known,
    },
    {
      heading: t('summary.measures'),
      lines: measures.map(({ name, value, around, before }) =>
        [[`${name}: ${value}`, around].join(' '), before].filter(Boolean).join('. '),
      ),
      note: t('summary.measures.note'),
    },
    { heading: t('summary.risk.heading'), lines: risk === null ? [] : [risk] },
    { heading: t('summary.winback.heading'), lines: [winback] },
    {
      heading: t('summary.goals'),
      lines: noGoals === null ? goals.map(({ title, text }) => `${title}: ${text}`) : [],
    },
    { heading: t('summary.cases'), lines: [cases.join(' ')] },
  ];
}

function plainText({ greeting, lead, sections, button, closing, footer }: SummaryLetter): string {
  const listed = sections.map(({ heading, lines, note }) =>
    [heading, ...lines.map((line) => (lines.length > 1 ? `- ${line}` : line)), ...(note ? [note] : [])].join('\n'),
  );
  const parts = [
    greeting,
    lead,
    ...listed,
    `${button.text}:\n${button.href}`,
    closing.join('\n'),
    `--\n${footer.text}\n${footer.link.text}: ${footer.link.href}`,
  ];
  return `${parts.join('\n\n')}\n`;
}
