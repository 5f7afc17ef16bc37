import type { DemoLanguage } from './content.ts';

type StepKey = 'apologise' | 'act' | 'empathy' | 'make_good' | 'follow_up';
type Channel = 'telephone' | 'mail' | 'visit' | 'letter' | 'message' | 'inside';

/** Working days before today, and the hour (UTC). */
export type When = [ago: number, hour: number];

interface Signed {
  at: When;
  step: StepKey;
  by: string;
  said: string;
  channel?: Channel;
}

export interface Story {
  key: string;
  language: DemoLanguage;
  /** The nth customer of that language who buys from us. */
  nth: number;
  at: When;
  by: string;
  owner: string | null;
  words: string;
  summary: string;
  urgent?: boolean;
  signed?: Signed[];
  closed?: { at: When; by: string; rootCause: string; action: string };
  /** What the customer then says. */
  answer?: { at: When; words: string };
}

/** All five, by one colleague, in the days after. */
function allFive(by: string, first: number, said: [string, string, string, string, string]): Signed[] {
  const steps: StepKey[] = ['apologise', 'act', 'empathy', 'make_good', 'follow_up'];
  const days = [0, 1, 1, 3, 9];
  return steps.map((step, i) => ({
    at: [first - (days[i] ?? 0), 13 + (i % 2)],
    step,
    by,
    said: said[i] ?? '',
    channel: i === 1 ? 'inside' : i === 3 ? 'visit' : 'telephone',
  }));
}

export const STORIES: Story[] = [
  {
    key: 'machine',
    language: 'de',
    nth: 4,
    at: [2, 13],
    by: 'jonas',
    owner: 'ingrid',
    words:
      'Seit drei Wochen tropft die Maschine aus der Brühgruppe. Ich habe dreimal angerufen, jedes Mal hieß es, der Techniker meldet sich. Am Samstag standen vierzig Leute in der Gaststube und wir haben Filterkaffee aus der Kanne ausgeschenkt.',
    summary: 'Maschine tropft, dritter Anruf',
    signed: [
      {
        at: [2, 15],
        step: 'apologise',
        by: 'jonas',
        said: 'Es tut mir leid. Drei Anrufe, und niemand kam: Das ist unser Versäumnis, nicht Ihres.',
      },
      {
        at: [1, 8],
        step: 'empathy',
        by: 'jonas',
        said: 'Zugehört. Das Schlimmste war der Samstag: Stammgäste haben gefragt, ob die Küche auch so sei.',
      },
    ],
  },
  {
    key: 'grinder',
    language: 'de',
    nth: 9,
    at: [16, 9],
    by: 'hanneke',
    owner: 'hanneke',
    words:
      'Die Mühle kam mit einem gebrochenen Trichter an, und auf meine E-Mail hat eine Woche lang niemand geantwortet.',
    summary: 'Mühle beschädigt geliefert, E-Mail blieb liegen',
    signed: allFive('hanneke', 16, [
      'Um Entschuldigung gebeten: für den Bruch und noch mehr für die Woche Schweigen.',
      'Neuer Trichter liegt beim Paketdienst, Zustellung morgen.',
      'Er war vor allem verärgert, weil er sich nicht ernst genommen fühlte.',
      'Trichter selbst vorbeigebracht und die Mühle eingestellt.',
      'Läuft gut. Freut sich, dass jemand gefragt hat.',
    ]),
    closed: {
      at: [6, 12],
      by: 'hanneke',
      rootCause: 'contact',
      action: 'Das Postfach des Kundendienstes wird jetzt jeden Morgen von zwei Leuten gelesen.',
    },
    answer: { at: [1, 10], words: '' },
  },
  {
    key: 'delivery',
    language: 'de',
    nth: 14,
    at: [14, 8],
    by: 'tobias',
    owner: 'jonas',
    words:
      'Zum zweiten Mal stand die Lieferung vor verschlossener Tür, obwohl wir erst ab zehn öffnen. Der Kaffee lag im Regen.',
    summary: 'Lieferung vor der Öffnung, Ware nass',
    signed: allFive('jonas', 14, [
      'Entschuldigt: Die Öffnungszeit steht bei uns im System, wir haben sie nicht beachtet.',
      'Ersatzlieferung noch am selben Tag um elf.',
      'Sie musste vor den Gästen improvisieren, das hat sie geärgert.',
      'Nasse Ware gutgeschrieben, Zeitfenster ab zehn vereinbart.',
      'Letzte Lieferung kam um halb elf.',
    ]),
    closed: {
      at: [4, 12],
      by: 'jonas',
      rootCause: 'promise',
      action: 'Das Zeitfenster steht jetzt auf jedem Lieferschein.',
    },
    answer: {
      at: [1, 14],
      words:
        'Diese Woche stand die Kiste wieder um acht vor der Tür. Das Zeitfenster kennt offenbar nicht jeder Fahrer.',
    },
  },
  {
    key: 'subscription',
    language: 'nl',
    nth: 3,
    at: [1, 8],
    by: 'hanneke',
    owner: null,
    words:
      'Ik heb mijn abonnement twee keer op pauze gezet en er komt toch elke week een pakket. Nu staan er zes zakken.',
    summary: 'Abonnement loopt door ondanks pauze',
  },
  {
    key: 'tin',
    language: 'nb',
    nth: 2,
    at: [3, 9],
    by: 'ingrid',
    owner: 'ingrid',
    words: 'Boksen var åpnet da pakken kom, og halvparten av kaffen lå i esken.',
    summary: 'Boks åpnet i posten, venter på bilde',
    signed: [
      {
        at: [3, 11],
        step: 'apologise',
        by: 'ingrid',
        said: 'Beklaget og bedt om et bilde til posten.',
        channel: 'mail',
      },
      { at: [2, 9], step: 'act', by: 'ingrid', said: 'Ny boks sendt i går ettermiddag.', channel: 'mail' },
    ],
  },
  {
    key: 'wedding',
    language: 'en',
    nth: 1,
    at: [1, 12],
    by: 'jonas',
    owner: 'jonas',
    urgent: true,
    words:
      'The coffee bar for our daughter’s wedding on Saturday is confirmed for the wrong weekend, and nobody at your end can say whether it can be changed.',
    summary: 'Coffee bar booked for the wrong weekend, wedding on Saturday',
    signed: [
      {
        at: [1, 13],
        step: 'apologise',
        by: 'jonas',
        said: 'Rang at once and said that the mistake is ours and that I stay with it until Saturday.',
      },
    ],
  },
  {
    key: 'invoice',
    language: 'de',
    nth: 21,
    at: [25, 9],
    by: 'hanneke',
    owner: 'hanneke',
    words: 'Die Rechnung stimmt zum dritten Mal nicht.',
    summary: 'Rechnung dreimal falsch',
    signed: allFive('hanneke', 25, [
      'Entschuldigt und die drei Rechnungen nebeneinander gelegt.',
      'Richtige Rechnung verschickt.',
      'Er will vor allem nicht mehr nachrechnen müssen.',
      'Rabatt fest hinterlegt.',
      'Letzte Rechnung war richtig.',
    ]),
    closed: {
      at: [15, 12],
      by: 'hanneke',
      rootCause: 'billing',
      action: 'Rabatte stehen jetzt beim Kunden, nicht auf der Bestellung.',
    },
  },
];
