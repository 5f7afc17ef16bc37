import { colleague } from '../shared/actor.ts';
import { addDays } from '../shared/dates.ts';
import { need, type Stage, type Step } from './stage.ts';

type Texts = Record<string, { question: string; body: string }>;

interface Sample {
  owner: string;
  /** Written so many days ago, to be read again in so many. */
  ago: number;
  reviewIn: number;
  texts: Texts;
}

const APPROVER = { key: 'miriam', role: 'manager' as const };

const SAMPLES: Sample[] = [
  {
    owner: 'tobias',
    ago: 210,
    reviewIn: 40,
    texts: {
      de: {
        question: 'Bekomme ich eine Leihmaschine, solange meine repariert wird?',
        body: '{greeting}\n\nja, und sie kostet Sie nichts. Tobias bringt die Leihmaschine, schließt sie an und nimmt Ihre gleich mit. Sagen Sie mir nur, wann jemand da ist: vormittags zwischen acht und zwölf oder nachmittags zwischen eins und fünf.\n\nMeist steht Ihre eigene nach einer Woche wieder bei Ihnen.',
      },
      en: {
        question: 'Do I get a loan machine while mine is being repaired?',
        body: '{greeting}\n\nYes, and it costs you nothing. Tobias brings the loan machine, connects it and takes yours along. Just tell me when somebody is in: between eight and twelve, or between one and five.\n\nYour own is usually back with you after a week.',
      },
      nl: {
        question: 'Krijg ik een leenmachine zolang de mijne gerepareerd wordt?',
        body: '{greeting}\n\nJa, en dat kost u niets. Tobias brengt de leenmachine, sluit hem aan en neemt die van u meteen mee. Laat me alleen weten wanneer er iemand is: tussen acht en twaalf of tussen één en vijf.\n\nMeestal staat uw eigen machine na een week weer bij u.',
      },
      nb: {
        question: 'Får jeg en lånemaskin mens min er til reparasjon?',
        body: '{greeting}\n\nJa, og det koster deg ingenting. Tobias kommer med lånemaskinen, kobler den til og tar med din. Si bare når det er noen hjemme: mellom åtte og tolv eller mellom ett og fem.\n\nSom regel er din egen tilbake etter en uke.',
      },
    },
  },
  {
    owner: 'jonas',
    ago: 190,
    reviewIn: -12,
    texts: {
      de: {
        question: 'Mein Paket ist nicht angekommen. Was nun?',
        body: '{greeting}\n\ndas tut mir leid. Ich habe das Paket eben beim Zusteller suchen lassen, und damit Sie nicht warten müssen, geht heute noch ein neues an Sie hinaus. Taucht das erste wieder auf, behalten Sie es bitte.\n\nUnter {telephone} erreichen Sie mich direkt.',
      },
      en: {
        question: 'My parcel has not arrived. What now?',
        body: '{greeting}\n\nI am sorry. I have asked the carrier to find it, and so that you need not wait, a new parcel leaves for you today. If the first one turns up, please keep it.\n\nYou reach me directly on {telephone}.',
      },
    },
  },
  {
    owner: 'miriam',
    ago: 160,
    reviewIn: 70,
    texts: {
      de: {
        question: 'Warum ist der Kaffee teurer geworden?',
        body: '{greeting}\n\nRohkaffee kostet uns heute fast das Doppelte von vor zwei Jahren. Einen Teil davon tragen wir, einen Teil geben wir weiter; am Lohn unserer Bäuerinnen und Bauern sparen wir nicht.\n\nWenn Sie mögen, suche ich Ihnen eine Mischung heraus, die Ihrer nahekommt und weniger kostet. Ein Wort genügt.',
      },
      nl: {
        question: 'Waarom is de koffie duurder geworden?',
        body: '{greeting}\n\nRuwe koffie kost ons nu bijna twee keer zoveel als twee jaar geleden. Een deel daarvan nemen wij voor onze rekening, een deel berekenen we door; op wat de boeren krijgen, bezuinigen we niet.\n\nAls u wilt, zoek ik een melange voor u uit die er dichtbij komt en minder kost. Eén woord is genoeg.',
      },
      nb: {
        question: 'Hvorfor har kaffen blitt dyrere?',
        body: '{greeting}\n\nRåkaffe koster oss nå nesten dobbelt så mye som for to år siden. Noe av det tar vi selv, noe legger vi på prisen; det bøndene får, sparer vi ikke på.\n\nVil du, finner jeg gjerne en blanding som ligger tett opp til din og koster mindre. Bare si fra.',
      },
    },
  },
  {
    owner: 'miriam',
    ago: 150,
    reviewIn: 80,
    texts: {
      de: {
        question: 'Wie setze ich mein Abonnement aus?',
        body: '{greeting}\n\nschreiben Sie mir einfach, bis wann. Bis dahin kommt nichts und wird nichts berechnet; danach geht es von selbst weiter. Kündigen müssen Sie dafür nicht.',
      },
      en: {
        question: 'How do I pause my subscription?',
        body: '{greeting}\n\nJust write to me until when. Nothing comes and nothing is charged till then; afterwards it goes on by itself. There is no need to cancel.',
      },
    },
  },
  {
    owner: 'jonas',
    ago: 140,
    reviewIn: 25,
    texts: {
      de: {
        question: 'Der Kaffee schmeckt bitter. Woran liegt das?',
        body: '{greeting}\n\nmeist am Mahlgrad: Mahlen Sie eine Stufe gröber und lassen Sie das Wasser nach dem Kochen eine Minute stehen. Hilft das nicht, schicke ich Ihnen eine hellere Röstung zum Probieren; Ihre Tüte trinken wir hier selbst aus.',
      },
    },
  },
  {
    owner: 'hanneke',
    ago: 120,
    reviewIn: 60,
    texts: {
      nl: {
        question: 'Kan ik een aangebroken zak terugsturen?',
        body: '{greeting}\n\nTerugsturen hoeft niet. Vertel me wat er tegenviel, dan krijgt u uw geld terug of een andere branding, wat u liever hebt. Daar is onze garantie voor.',
      },
      de: {
        question: 'Kann ich eine angebrochene Tüte zurückgeben?',
        body: '{greeting}\n\nzurückschicken müssen Sie nichts. Sagen Sie mir, was nicht gepasst hat, und Sie bekommen Ihr Geld zurück oder eine andere Röstung, ganz wie Sie möchten. Dafür ist unsere Garantie da.',
      },
    },
  },
  {
    owner: 'tobias',
    ago: 90,
    reviewIn: 110,
    texts: {
      de: {
        question: 'Wie oft soll ich die Maschine entkalken?',
        body: '{greeting}\n\nbei unserem harten Wasser alle sechs Wochen, mit Wasserfilter alle drei Monate. Das Mittel liegt Ihrer nächsten Lieferung bei, und wenn Sie möchten, macht Tobias es beim nächsten Besuch mit.',
      },
    },
  },
  {
    owner: 'ingrid',
    ago: 75,
    reviewIn: 120,
    texts: {
      nb: {
        question: 'Kan dere levere på en bestemt dag?',
        body: '{greeting}\n\nJa, fra mandag til torsdag, og dagen velger du. Skriv til meg senest to dager i forveien, så ordner jeg det. Haster det, ringer du {telephone}; da finner vi en løsning.',
      },
      en: {
        question: 'Can you deliver on a certain day?',
        body: '{greeting}\n\nYes, from Monday to Thursday, on the day that you choose. Write to me two days before at the latest and I will see to it. If it is urgent, ring {telephone} and we will find a way.',
      },
    },
  },
];

/** How many of the pages each colleague has read, and how long ago. */
const READERS: [key: string, pages: number, ago: number][] = [
  ['miriam', 6, 130],
  ['jonas', 6, 128],
  ['hanneke', 4, 125],
  ['ingrid', 5, 127],
  ['tobias', 2, 60],
];

/** The answers that everybody gives alike, some of them used, one proposed, one overdue; the playbook, read by some. */
export function librarySteps(stage: Stage): Step[] {
  const { today } = stage.company;
  const on = (ago: number, time: string) => `${addDays(today, -ago)}T${time}:00.000Z`;
  return [
    ...SAMPLES.map((sample) => ({ at: on(sample.ago, '09:15'), act: () => writeAnswer(stage, sample) })),
    { at: on(140, '08:00'), act: () => stage.past.retention.playbook.installStarters() },
    ...READERS.map(([key, pages, ago]) => ({ at: on(ago, '07:50'), act: () => readPages(stage, key, pages) })),
    { at: on(2, '16:40'), act: () => useAnswers(stage) },
    { at: on(1, '11:05'), act: () => propose(stage) },
  ];
}

async function writeAnswer(stage: Stage, { owner, ago, reviewIn, texts }: Sample): Promise<void> {
  const { library } = stage.past.recovery;
  const who = { actor: colleague(need(stage.colleagues, APPROVER.key)), role: APPROVER.role };
  const ownerId = need(stage.colleagues, owner);
  const reviewOn = addDays(stage.company.today, reviewIn);
  const [[language = '', first], ...others] = Object.entries(texts) as [
    [string, Texts[string]],
    ...[string, Texts[string]][],
  ];
  if (!first || ago < 1) return;
  const { id } = await library.create(who, { language, ...first, ownerId, reviewOn, approved: true });
  for (const [other, text] of others)
    if (text) await library.write(who, id, { language: other, ...text, number: 0, approved: true });
}

async function readPages({ past, colleagues }: Stage, key: string, count: number): Promise<void> {
  const { playbook } = past.retention;
  const accountId = need(colleagues, key);
  const language = (await past.accounts.colleague(accountId))?.language ?? 'de';
  for (const page of (await playbook.list()).slice(0, count))
    await playbook.confirm(colleague(accountId), { accountId, id: page.id, number: page.number, language });
}

/** Each complaint so far was answered from the library where it has something in the customer's language. */
async function useAnswers({ past, storage, colleagues }: Stage): Promise<void> {
  const { caseLists, library } = past.recovery;
  const { rows: cases } = await caseLists.list({ kind: 'complaint' }, null, 50);
  const { found } = await library.list();
  const actor = colleague(need(colleagues, 'jonas'));
  await storage.transaction(async (tx) => {
    for (const [i, { id: caseId, language }] of cases.entries()) {
      const own = found.filter((each) => each.language === language);
      const text = own[i % Math.max(1, own.length)];
      if (text) await library.noteUse(tx, actor, { textId: text.textId, caseId });
    }
  });
}

async function propose({ past, colleagues }: Stage): Promise<void> {
  const who = { actor: colleague(need(colleagues, 'hanneke')), role: 'staff' as const };
  const answer = (await past.recovery.library.list()).found.find(({ question }) => question.startsWith('Mein Paket'));
  if (!answer) return;
  await past.recovery.library.write(who, answer.answerId, {
    language: 'nl',
    question: 'Mijn pakket is niet aangekomen. Wat nu?',
    body: '{greeting}\n\nDat spijt me. Ik heb de bezorger gevraagd het op te sporen, en om u niet te laten wachten gaat er vandaag nog een nieuw pakket de deur uit. Duikt het eerste alsnog op, houd het dan gerust.\n\nU bereikt mij rechtstreeks op {telephone}.',
    number: 0,
    approved: false,
  });
}
