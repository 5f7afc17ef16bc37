import { describe, expect, test } from '@jest/globals';
import { lint, lintDefinition } from '../../src/questionnaires/lint.ts';
import { starter } from './questionnaires-support.ts';

const rules = (text: string, language: string, kind: Parameters<typeof lint>[2] = 'open') =>
  lint(text, language, kind).map(({ rule }) => rule);

describe('leading', () => {
  test.each([
    ['en', 'Don’t you agree that our service is good?'],
    ['en', 'How much did you love the new shop?'],
    ['en', 'How terrible was the wait?'],
    ['en', 'What do you think of our award-winning support?'],
    ['de', 'Finden Sie nicht auch, dass wir günstig sind?'],
    ['de', 'Wie sehr haben Sie den Besuch genossen?'],
    ['de', 'Wie freundlich waren unsere Leute?'],
    ['de', 'Der Service war gut, oder?'],
    ['nl', 'Vindt u ook niet dat we voordelig zijn?'],
    ['nl', 'Hoe geweldig was onze service?'],
    ['nl', 'Het ging goed, toch?'],
    ['nb', 'Synes du ikke at vi er rimelige?'],
    ['nb', 'Hvor fantastisk var servicen vår, ikke sant?'],
    ['nb', 'Hva er åpenbart best hos oss?'],
  ])('%s: %s', (language, text) => expect(rules(text, language)).toContain('leading'));
});

describe('double-barrelled', () => {
  test.each([
    ['en', 'What did you like and what would you change?'],
    ['en', 'How friendly and competent were our staff?'],
    ['en', 'How satisfied are you with the price and the quality?'],
    ['en', 'How could we improve our delivery and packaging?'],
    ['en', 'What happened? Who was there?'],
    ['de', 'Was hat Ihnen gefallen und was würden Sie ändern?'],
    ['de', 'Wie zufrieden sind Sie mit dem Preis und der Qualität?'],
    ['de', 'Wie beurteilen Sie Preis und/oder Qualität?'],
    ['nl', 'Wat beviel u en wat zou u veranderen?'],
    ['nl', 'Hoe tevreden bent u over de prijs en de kwaliteit?'],
    ['nb', 'Hva likte du, og hva ville du endret?'],
    ['nb', 'Hvor fornøyd er du med prisen og kvaliteten?'],
    ['fr', 'Que s’est-il passé ? Qui était là ?'],
  ])('%s: %s', (language, text) => expect(rules(text, language, 'scale')).toContain('double-barrelled'));
});

describe('two things judged at once', () => {
  test.each([
    ['en', 'How do you rate price and quality?'],
    ['en', 'How happy are you with our staff and prices in Kiel?'],
    ['en', 'How important are price and quality to you?'],
    ['en', 'How did you like the food and drinks?'],
    ['en', 'How satisfied are you with price, quality and service?'],
    ['en', 'What do you like about the shop, and how do you rate parking and opening hours?'],
    ['en', 'How satisfied were you with our quick and friendly help?'],
    ['de', 'Wie beurteilen Sie Preis und Qualität?'],
    ['de', 'Wie bewerten Sie die Freundlichkeit und Kompetenz unserer Leute?'],
    ['de', 'Wie würden Sie die Beratung und die Lieferung bewerten?'],
    ['de', 'Wie zufrieden sind Sie mit Speisen und Getränken?'],
    ['de', 'Wie haben Ihnen Essen und Service gefallen?'],
    ['de', 'Wie wichtig sind Ihnen Preis oder Qualität?'],
    ['de', 'Wie zufrieden sind Sie mit unserer schnellen und freundlichen Bedienung?'],
    ['de', 'Wie zufrieden sind Sie mit Auswahl, Frische und Geschmack?'],
    ['de', 'Wie könnten wir Lieferung und Verpackung verbessern?'],
    ['de', 'Was halten Sie von unserem Laden und unserem Personal?'],
    ['nl', 'Hoe beoordeelt u prijs en kwaliteit?'],
    ['nl', 'Wat vindt u van de prijs en de kwaliteit?'],
    ['nl', 'Hoe zou u de bezorging en de montage beoordelen?'],
    ['nl', 'Hoe belangrijk zijn prijs en kwaliteit voor u?'],
    ['nl', 'Hoe bevielen het eten en de bediening?'],
    ['nb', 'Hvordan vil du vurdere pris og kvalitet?'],
    ['nb', 'Hva synes du om maten og drikken?'],
    ['nb', 'Hvor viktig er pris og kvalitet for deg?'],
    ['nb', 'Hvordan opplevde du leveringen og monteringen?'],
  ])('%s: %s', (language, text) => expect(rules(text, language, 'scale')).toEqual(['double-barrelled']));

  test.each([
    ['en', 'How satisfied are you with our shops in Kiel and Husum?'],
    ['en', 'How satisfied are you with our opening hours on Saturdays and Sundays?'],
    ['en', 'How happy would you be to recommend us to friends and family?'],
    ['en', 'How likely are you to recommend us to friends or colleagues?'],
    ['en', 'How satisfied are you with the balance between price and quality?'],
    ['en', 'How satisfied were you and your family with your stay?'],
    ['en', 'How satisfied are you with the way we answered your questions and comments?'],
    ['en', 'How satisfied are you with the product or service that you bought?'],
    ['en', 'When you think of bread and cakes, how satisfied are you with us?'],
    ['en', 'What do you value more, price or quality?'],
    ['en', 'What would you and your colleagues like to tell us?'],
    ['de', 'Wie zufrieden sind Sie mit der Art und Weise, wie wir Ihnen geholfen haben?'],
    ['de', 'Wie zufrieden sind Sie mit unseren Mitarbeiterinnen und Mitarbeitern?'],
    ['de', 'Wie zufrieden sind Sie mit dem Besuch von Frau Meier und Herrn Schulz?'],
    ['de', 'Wie zufrieden sind Sie mit unseren Filialen in Kiel und Husum?'],
    ['de', 'Wie zufrieden waren Sie mit Ihren Besuchen am Montag und Dienstag?'],
    ['de', 'Wie gefallen Ihnen unsere Märkte Montag und Dienstag?'],
    ['de', 'Wie zufrieden sind Sie und Ihre Familie mit uns?'],
    ['de', 'Wie wahrscheinlich ist es, dass Sie uns Freunden und Bekannten empfehlen?'],
    ['de', 'Wie beurteilen Sie das Verhältnis von Preis und Leistung?'],
    ['de', 'Wenn Sie an Brot und Kuchen denken: Wie zufrieden sind Sie mit uns?'],
    ['de', 'Was schätzen Sie mehr, Preis oder Qualität?'],
    ['de', 'Was haben Sie zuletzt an Speisen und Getränken bestellt?'],
    ['nl', 'Hoe tevreden bent u over onze winkels in Utrecht en Zwolle?'],
    ['nl', 'Hoe tevreden bent u over de verhouding tussen prijs en kwaliteit?'],
    ['nl', 'Wat vinden u en uw gezin van ons?'],
    ['nl', 'Wat vindt u belangrijker: prijs of kwaliteit?'],
    ['nl', 'Hoe waarschijnlijk is het dat u ons aan vrienden en familie aanbeveelt?'],
    ['nb', 'Hvor fornøyd er du med butikkene våre i Oslo og Bergen?'],
    ['nb', 'Hvor fornøyd er du med forholdet mellom pris og kvalitet?'],
    ['nb', 'Hvor fornøyd var du med åpningstidene på lørdag og søndag?'],
    ['nb', 'Hva liker du best, pris eller kvalitet?'],
    ['nb', 'Hvor sannsynlig er det at du anbefaler oss til venner og familie?'],
  ])('but not: %s: %s', (language, text) => expect(rules(text, language, 'scale')).toEqual([]));
});

describe('closed', () => {
  test.each([
    ['en', 'Did we let you down?'],
    ['en', 'Is there anything we could do better?'],
    ['de', 'Haben Sie sich geärgert?'],
    ['de', 'Kaufen Sie gern bei uns?'],
    ['de', 'Gab es einen Anlass?'],
    ['nl', 'Heeft u ons iets te verwijten?'],
    ['nl', 'Koopt u graag bij ons?'],
    ['nb', 'Har du noe å utsette på oss?'],
    ['nb', 'Må vi bli bedre?'],
    ['nb', 'Handler du gjerne hos oss?'],
  ])('%s: %s', (language, text) => {
    expect(rules(text, language)).toContain('closed');
    expect(rules(text, language, 'yesno')).not.toContain('closed');
  });
});

describe('sound questions raise nothing', () => {
  test.each([
    ['en', 'How satisfied are you with our service?'],
    ['en', 'Could you tell us what happened?'],
    ['en', 'What did you and your colleagues use it for?'],
    ['en', 'Which of our shops in Kiel and Husum did you visit?'],
    ['en', 'How clearly did we explain the bill?'],
    ['de', 'Wie zufrieden sind Sie mit uns?'],
    ['de', 'Würden Sie uns bitte erzählen, was passiert ist?'],
    ['de', 'Wenn Sie an Ihren letzten Einkauf denken: Was war gut?'],
    ['de', 'Sofern Sie sich erinnern: Wann war das?'],
    ['nl', 'Hoe tevreden bent u over ons?'],
    ['nl', 'Kunt u ons vertellen wat er is gebeurd?'],
    ['nl', 'Wanneer u aan ons denkt: wat valt u dan op?'],
    ['nb', 'Hvor fornøyd er du med oss?'],
    ['nb', 'Kan du fortelle oss hva som skjedde?'],
    ['nb', 'Når du tenker på oss: Hva er det første du ser for deg?'],
    ['ja', 'ご利用をやめる前に何がありましたか？'],
  ])('%s: %s', (language, text) => expect(rules(text, language)).toEqual([]));
});

test('long questions and words of the trade are noticed', () => {
  expect(rules(`What ${'really '.repeat(30)}happened?`, 'en')).toEqual(['long']);
  expect(rules('Which touchpoint did you like?', 'en')).toEqual(['jargon']);
  expect(rules('Wie war Ihr Kundenerlebnis?', 'de')).toEqual(['jargon']);
});

test('a finding says what it found', () => {
  expect(lint('Did we let you down?', 'en', 'open')).toEqual([
    { rule: 'closed', messageKey: 'lint.closed', words: 'Did' },
  ]);
});

test.each(['leaving', 'satisfaction', 'before', 'during', 'after', 'complaint'] as const)(
  'the starter "%s" is clean in every language',
  (name) => {
    expect(lintDefinition(starter(name))).toEqual([]);
  },
);

test('a questionnaire’s findings say where', () => {
  const leaving = starter('leaving');
  leaving.questions[0]!.text.de = 'Haben Sie sich geärgert?';
  expect(lintDefinition(leaving)).toMatchObject([{ path: 'questions.happened.text', language: 'de', rule: 'closed' }]);
});
