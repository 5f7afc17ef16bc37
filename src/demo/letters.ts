import { addDays } from '../shared/dates.ts';
import { weekdayOf } from '../shared/zones.ts';
import type { DemoCustomer } from './model.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

/** Customers of a language whom no other story tells of. */
const NTH = { writer: 22, dutch: 21 };

const FIRST = `Guten Tag,

am Freitag kam unsere Bestellung, aber statt der Hausröstung für die Kanne lagen zehn Tüten gemahlen für Siebträger darin. Am Montag haben wir dreißig Gäste zum Frühstück.

Der Lieferschein liegt bei, darauf steht es richtig.

Freundliche Grüße`;

const ANSWER = `es tut mir leid: Auf dem Lieferschein steht es richtig, und wir haben trotzdem falsch gepackt. Das ist unser Fehler.

Zwölf Tüten Hausröstung für die Kanne gehen heute noch mit unserem Fahrer los und sind morgen vor neun bei Ihnen. Die falschen Tüten dürfen Sie behalten.

Reicht Ihnen das für den Montag, oder brauchen Sie mehr?`;

const BACK = `Das ging schnell, vielen Dank. Zwölf Tüten reichen.

Könnten Sie bei der nächsten Bestellung vorher kurz anrufen? Dann prüfen wir es gemeinsam.`;

const DUTCH = `Goedemiddag,

jullie vragenlijst heb ik niet ingevuld, ik schrijf liever even. De koffie is prima, maar sinds september komt er elke maand een rekening met een ander bedrag. Kan iemand mij uitleggen hoe dat zit?

Met vriendelijke groet`;

/** A complaint by mail with its answer, an answer to that which waits, and a letter that somebody has yet to sort. */
export function letterSteps(stage: Stage): Step[] {
  const { today } = stage.company;
  const writer = nth(stage, 'de', NTH.writer);
  const dutch = nth(stage, 'nl', NTH.dutch);
  if (!writer || !dutch) return [];
  const [first, back] = [workday(addDays(today, -4)), workday(addDays(today, -1))];
  const subject = 'Falsche Mahlung geliefert';
  const note = { name: 'lieferschein.txt', text: 'Hausröstung für die Kanne, 10 x 1 kg' };
  return [
    { at: `${first}T08:20:00.000Z`, act: () => arrive(stage, writer, { subject, text: FIRST, file: note }) },
    { at: `${first}T08:45:00.000Z`, act: () => sort(stage) },
    { at: `${first}T09:10:00.000Z`, act: () => answer(stage, writer) },
    {
      at: `${back}T15:40:00.000Z`,
      act: () => arrive(stage, writer, { subject: `Re: ${subject}`, text: BACK, below: quoted(first) }),
    },
    {
      at: `${back}T16:05:00.000Z`,
      act: () => arrive(stage, dutch, { subject: 'Vraag over de rekening', text: DUTCH }),
    },
  ];
}

function nth({ company }: Stage, language: string, place: number): DemoCustomer | undefined {
  const { customers } = company;
  return customers.filter((one) => one.language === language && one.status === 'active' && one.email !== '')[place];
}

/** The last day from Monday to Friday. */
function workday(day: string): string {
  let found = day;
  while (weekdayOf(found) === 0 || weekdayOf(found) === 6) found = addDays(found, -1);
  return found;
}

/** Our answer of that day ('YYYY-MM-DD') as a mail program puts it under a reply. */
const quoted = (day: string) =>
  `\n\nAm ${day.split('-').reverse().join('.')} um 10:10 schrieb Ingrid Solheim:\n${ANSWER.split('\n')
    .map((line) => `> ${line}`)
    .join('\n')}`;

interface Letter {
  subject: string;
  text: string;
  /** What stands under their name. */
  below?: string;
  file?: { name: string; text: string };
}

let letters = 0;

/** As a mail program writes it; it comes in as every letter does. */
async function arrive({ past }: Stage, from: DemoCustomer, { subject, text, below = '', file }: Letter): Promise<void> {
  const name = `${from.given_name} ${from.family_name}`;
  const head = [
    `From: =?utf-8?B?${Buffer.from(name).toString('base64')}?= <${from.email}>`,
    'To: hallo@example.com',
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    `Message-ID: <sample-${++letters}-${from.reference}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="part"',
  ];
  const plain = 'Content-Type: text/plain; charset=utf-8';
  const parts = [
    [plain, '', `${text}\r\n\r\n${name}${below}`],
    ...(file ? [[`${plain}`, disposition(file.name), '', file.text]] : []),
  ];
  const body = parts.map((lines) => `--part\r\n${lines.join('\r\n')}\r\n`).join('');
  await past.bounces.receive(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}--part--\r\n`), 'command');
}

const disposition = (name: string) => `Content-Disposition: attachment; filename="${name}"`;

async function sort(stage: Stage): Promise<void> {
  const { mail } = stage.past.recovery;
  const [letter] = (await mail.toSort(null)).rows;
  if (letter) await mail.openCase(actorOf(stage, 'ingrid'), letter.id);
}

async function answer(stage: Stage, { title, family_name: name, reference }: DemoCustomer): Promise<void> {
  const { recovery } = stage.past;
  const [theCase] = await recovery.cases.ofCustomer(stage.storage.read, need(stage.customers, reference));
  if (!theCase) return;
  const words = `Guten Tag ${title} ${name},\n\n${ANSWER}`;
  const draft = { form: `sample ${theCase.id}`, subject: 'Re: Falsche Mahlung geliefert', words };
  await recovery.mail.write(actorOf(stage, 'ingrid'), theCase.id, draft, []);
}
