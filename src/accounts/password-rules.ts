import type { Message } from '../shared/errors.ts';

/** No rules of composition: length, and nothing that somebody would try first. Source: NIST SP 800-63B, 5.1.1. */
const SHORTEST = 12;
const LONGEST = 200;
const PRODUCT = 'comeback';

/** 'qwertyuiop2026' is a walk too; a shorter piece may be a word. */
const SHORTEST_WALK = 6;

/** Rows that fingers walk along, and the counting that people begin with. */
const WALKS = [
  '01234567890123456789',
  '98765432109876543210',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'qwertyuiopqwertyuiop',
  'asdfghjklasdfghjkl',
  'abcdefghijklmnopqrstuvwxyz',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'qazwsxedcrfvtgbyhnujm',
];

/** What is left of the commonest passwords when digits and signs around the word are gone. */
const COMMON = new Set(
  `password passwort wachtwoord passord letmein welcome willkommen welkom velkommen admin administrator iloveyou
   ichliebedich ikhouvanjou jegelskerdeg monkey dragon football fussball voetbal fotball baseball basketball sunshine
   princess prinzessin superman batman master shadow trustno qwerty qwertz changeme secret geheim hemmelig sommer
   zomer summer winter hallo hello default internet computer company firma bedrijf bedrift kundenservice customer
   letmeinplease passwordpassword passwortpasswort adminadmin welcomewelcome abcabcabcabc test testtest login
   mypassword meinpasswort mijnwachtwoord mittpassord thisismypassword nopassword`.split(/\s+/),
);

/** Everything of a person and their company that a guesser knows. */
interface Known {
  email: string;
  name: string;
  company: string;
}

/** What is wrong with a new password, or undefined where nothing is. */
export function passwordProblem(password: string, known: Known): Message | undefined {
  const length = [...password].length;
  if (length < SHORTEST) return { key: 'accounts.password.tooShort', values: { least: SHORTEST } };
  if (length > LONGEST) return { key: 'accounts.password.tooLong', values: { most: LONGEST } };
  if (namesOf(known).includes(wordOf(password))) return { key: 'accounts.password.known' };
  if (isCommon(password)) return { key: 'accounts.password.common' };
  return undefined;
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The word in 'Comeback2026!': without the digits and signs around it, and said once where it is said twice. */
function wordOf(password: string): string {
  const word = plain(password.toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''));
  return /^(.+?)\1+$/u.exec(word)?.[1] ?? word;
}

function namesOf({ email, name, company }: Known): string[] {
  const [local = ''] = email.split('@');
  const words = [PRODUCT, email, local, name, ...name.split(/\s+/), company].map(wordOf);
  return words.filter((word) => word !== '');
}

function isCommon(password: string): boolean {
  const text = plain(password);
  const repeated = /^(.{1,5}?)\1*$/u.exec(text)?.[1];
  const word = wordOf(password);
  return (
    (repeated !== undefined && repeated.length < text.length) ||
    WALKS.some((walk) => walk.includes(text) || (word.length >= SHORTEST_WALK && walk.includes(word))) ||
    COMMON.has(word) ||
    COMMON.has(unleet(word))
  );
}

/** 'p4ssw0rd' is 'password' to whoever guesses. */
function unleet(word: string): string {
  const letters: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' };
  return word.replace(/[013457]/g, (digit) => letters[digit] ?? digit);
}
