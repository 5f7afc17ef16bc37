import { addDays } from '../shared/dates.ts';
import type { DemoCompany } from './model.ts';
import { actorOf, type Stage } from './stage.ts';

/** Who brings files in. */
const IMPORTER = 'ingrid';
/** So many days of purchases come from the till as a file. */
const FILE_DAYS = 6;

/** The first day of which the file brings the purchases. */
export function fileSince({ today }: DemoCompany): string {
  return addDays(today, -FILE_DAYS);
}

/** Files as another system writes them: one has been brought in, the other was read and waits for somebody's look. */
export async function importFiles(stage: Stage): Promise<void> {
  const { imports } = stage.present;
  const till = await receive(stage, 'purchases', 'Kasse.csv', purchasesFile(stage.company));
  await imports.begin(actorOf(stage, IMPORTER), till);
  await imports.settle(till);
  await receive(stage, 'customers', 'Messe Kiel.csv', customersFile(stage.company));
}

async function receive(stage: Stage, kind: 'purchases' | 'customers', filename: string, text: string): Promise<string> {
  const { imports } = stage.present;
  const given = { locale: 'de', language: '', country: '', legalBasis: null };
  const id = await imports.receive(actorOf(stage, IMPORTER), { kind, filename, bytes: Buffer.from(text), given });
  await imports.settle(id);
  return id;
}

/** With two rows that cannot be used: a customer whom nobody knows, and a day that does not exist. */
function purchasesFile(company: DemoCompany): string {
  const rows = company.purchases.filter(({ date }) => date >= fileSince(company));
  const lines = rows.map((one) => [
    one.reference,
    one.customer,
    germanDay(one.date),
    german(one.amount_minor),
    one.item,
  ]);
  const [year] = company.today.split('-');
  lines.splice(7, 0, ['B-90001', 'K-99120', germanDay(addDays(company.today, -3)), '31,80', 'Hausmischung 1 kg']);
  lines.splice(19, 0, ['B-90002', rows[0]?.customer ?? '', `31.02.${year}`, '14,90', 'Espresso Hafen 500 g']);
  return file(['Belegnummer', 'Kundennummer', 'Datum', 'Betrag', 'Artikel'], lines);
}

/** People met at a fair; one of them is a customer already, one more so under another number, and some rows need a hand. */
function customersFile({ customers, today }: DemoCompany): string {
  const known = customers.findLast(({ status, email }) => status === 'active' && email !== '');
  const again = customers.find(
    ({ status, email, organisation }) => status === 'active' && email !== '' && organisation === '',
  );
  const since = germanDay(addDays(today, -2));
  const header = ['Kundennummer', 'Vorname', 'Nachname', 'E-Mail', 'Ort', 'Sprache', 'Kunde seit'];
  return file(header, [
    ['K-10801', 'Wiebke', 'Hansen-Möller', 'wiebke.hansen-moeller@example.com', 'Eckernförde', 'Deutsch', since],
    ['K-10802', 'Sander', 'Kloosterman', 'sander.kloosterman@example.com', 'Groningen', 'Niederländisch', since],
    ['K-10803', 'Turid', 'Engebretsen', 'turid.engebretsen(at)example.com', 'Bergen', 'Norwegisch', since],
    ['', 'Folke', 'Thomsen', 'folke.thomsen@example.com', 'Schleswig', 'Deutsch', since],
    [
      ...['K-10806', again?.given_name ?? '', again?.family_name ?? '', again?.email ?? '', again?.city ?? ''],
      ...['Deutsch', since],
    ],
    ['K-10805', 'Nuala', 'Gallagher', 'nuala.gallagher@example.com', 'Galway', 'Englisch', 'neulich'],
    [
      known?.reference ?? '',
      known?.given_name ?? '',
      known?.family_name ?? '',
      known?.email ?? '',
      known?.city ?? '',
      '',
      '',
    ],
  ]);
}

function file(header: string[], lines: string[][]): string {
  return [header, ...lines].map((cells) => `${cells.join(';')}\r\n`).join('');
}

function germanDay(day: string): string {
  return day.split('-').reverse().join('.');
}

function german(minor: number): string {
  return (minor / 100).toFixed(2).replace('.', ',');
}
