import { fold } from './folding.ts';

/** Words that say nothing about what an answer is about, of all languages together: a phrase neither begins nor ends with one. */
const STOP = `
  a about above after again against all also always am an and any are as at be because been before being below between both
  but by can cannot could did do does doing don't done down during each even ever every few for from further get gets getting
  go going gone got had has have having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its just
  like made make makes many maybe me more most much my myself never no nor not now of off often on once one only or other our
  ours out over own quite rather really same say says she should since so some still such than that that's the their them then
  there these they they're thing things this those though through to too two under until up upon us very want wanted was
  wasn't way we we're well went were what when where which while who why will with won't would yes you you're your yours
  anybody anyone anything aren't can't couldn't didn't doesn't everybody everyone everything hadn't hasn't haven't he's
  here's it'll nobody nothing she's shouldn't somebody someone something there's we'll we've weren't what's who's wouldn't
  you'll you've
  ab aber als also am an andere anderen auch auf aus bei beim bin bis bisschen da dadurch damit danach dann das dass dein dem
  den denn der des deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer
  eines einfach einige einmal er es etwas euch euer für ganz gar gegen gehabt gemacht geworden gewesen hab habe haben hat hatte
  hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja je jede jedem jeden jeder jedes
  jetzt kann kein keine keinen keiner können könnte konnte leider letzten machen mal man mehr mein meine meinem meinen meiner
  mich mir mit musste muss müssen nach nachdem nicht nichts nie noch nun nur ob oder ohne schon sehr sein seine seit sich sie
  sind so sobald sogar solange sollte sondern sonst über um und uns unser unsere unter viel viele vom von vor war waren warum
  was weg weil weiter wenn wer werden wie wieder will wir wird wo wohl wollte worden wurde wurden zu zum zur zwar zwei zwischen
  aan al alle alleen alles als altijd andere ben bent bij daar dan dat de deze die dit doen door dus echt een eens
  elk elke en er erg gaan gaat gedaan geen geweest geworden haar had hadden heb hebben hebt heeft heel hem het hier hij hoe
  hun ik ine is ja je jij jou jouw jullie kan kon kunnen maar maken me meer men met mij mijn moest moet moeten na naar niet niets nog nooit nou nu
  of om omdat ook op over steeds te tegen terug toch toe toen tot uit van vanaf veel voor waar want waren was wat we weer wel
  werd werden wie wij wil wilde willen worden wordt ze zelf zelfs zich zij zijn zo zolang zonder zou
  alle alltid andre at av bare begge ble blei bli blir både da de deg dei den denne dere deres det dette di din disse du då eg
  ei ein eit eller en enn er et etter for fordi fra før få får fått gikk gjennom gjør gjøre gjorde ha hadde han har hans henne
  her hos hun hva hvem hver hvis hvor hvordan hvorfor i igjen ikke ikkje inn jeg kan kom kun kunne litt man mange med meg meir
  men mer mest mi min mine mitt mot mye må måtte nei noe noen nok nå når og også om opp oss over på så selv seg si siden sin
  sitt skal skulle slik som til um under ut uten var vart ved veldig vi vil ville være vært vår våre å`;

const stopWords = new Set(STOP.split(/\s+/).filter(Boolean).map(fold));

/** @param word in its folded spelling */
export const isStopWord = (word: string): boolean => stopWords.has(word);

const LETTERS = /\p{L}/u;

/** A word that may be what an answer is about: no function word, no number, no single Latin letter. */
export const isTelling = (word: string): boolean =>
  !stopWords.has(word) && LETTERS.test(word) && (word.length > 1 || word > '\u2e80');
