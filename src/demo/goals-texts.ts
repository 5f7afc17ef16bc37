/** By language, and by part of the text. */
export type Texts = Record<string, Record<string, string>>;

/** Met in the first months: it needs no figure. */
export const BY_NAME: Texts = {
  de: {
    title: 'Jede Kundin und jeder Kunde kennt jemanden bei uns mit Namen',
    words:
      'Wer anruft oder schreibt, soll immer denselben Menschen erreichen. Bis Ostern hat jede Kundin und jeder Kunde eine Ansprechperson, die ihre Sprache spricht.',
  },
  en: {
    title: 'Every customer knows somebody here by name',
    words:
      'Whoever calls or writes should always reach the same person. By Easter every customer has a contact who speaks their language.',
  },
  nl: {
    title: 'Elke klant kent hier iemand bij naam',
    words:
      'Wie belt of schrijft, krijgt steeds dezelfde persoon. Met Pasen heeft elke klant een contactpersoon die de eigen taal spreekt.',
  },
  nb: {
    title: 'Alle kunder kjenner noen hos oss ved navn',
    words:
      'Den som ringer eller skriver, skal alltid nå det samme mennesket. Innen påske har alle kunder en kontaktperson som snakker språket deres.',
  },
};

/** Given up: not every aim is worth its price, and that is said too. */
export const WINDOWS: Texts = {
  de: {
    title: 'Jede Lieferung kommt in der Stunde, die wir nennen',
    words:
      'Wer auf uns wartet, soll nicht den ganzen Vormittag warten. Bis zum Sommer nennen wir für jede Lieferung eine Stunde.',
  },
  en: {
    title: 'Every delivery comes in the hour that we name',
    words: 'Nobody should wait for us a whole morning. By summer we name an hour for every delivery.',
  },
  nl: {
    title: 'Elke levering komt in het uur dat we noemen',
    words:
      'Wie op ons wacht, hoeft niet de hele ochtend te wachten. Tegen de zomer noemen we voor elke levering een uur.',
  },
  nb: {
    title: 'Alle leveringer kommer i den timen vi sier',
    words: 'Ingen skal måtte vente på oss en hel formiddag. Innen sommeren sier vi en time for hver levering.',
  },
};

export const ANSWERING: Texts = {
  de: {
    title: 'Drei von fünf antworten uns',
    words:
      'Wer uns antwortet, dem hören wir zu. Wir fragen kurz, in der Sprache der Kunden, und sagen hinterher, was wir daraus gemacht haben.',
  },
  en: {
    title: 'Three in five answer us',
    words:
      'We listen to whoever answers. We ask little, in the customers’ own language, and tell them afterwards what we made of it.',
  },
  nl: {
    title: 'Drie van de vijf antwoorden ons',
    words:
      'Wie antwoordt, wordt gehoord. We vragen kort, in de taal van de klant, en vertellen daarna wat we ermee hebben gedaan.',
  },
  nb: {
    title: 'Tre av fem svarer oss',
    words:
      'Den som svarer, blir hørt. Vi spør kort, på kundens språk, og forteller etterpå hva vi har gjort med svarene.',
  },
};

export const LOSING_LESS: Texts = {
  de: {
    title: 'Höchstens 30.000 Euro im Jahr verlieren',
    words:
      'Was mit Kunden geht, die uns verlassen, fehlt uns jedes Jahr wieder. Wir rufen an, bevor jemand verstummt, und machen Beschwerden am selben Tag gut.\n\n- Wer überfällig ist, bekommt einen Anruf.\n- Keine Beschwerde bleibt über Nacht ohne Antwort.',
  },
  en: {
    title: 'Lose 30,000 euros a year at most',
    words:
      'What goes with customers who leave is missing every year again. We call before somebody falls silent, and put complaints right on the same day.\n\n- Whoever is overdue gets a call.\n- No complaint stays overnight without an answer.',
  },
  nl: {
    title: 'Hoogstens 30.000 euro per jaar verliezen',
    words:
      'Wat verdwijnt met klanten die vertrekken, missen we elk jaar opnieuw. We bellen voordat iemand stilvalt en maken klachten dezelfde dag goed.\n\n- Wie te lang niets bestelt, krijgt een telefoontje.\n- Geen klacht blijft een nacht zonder antwoord.',
  },
  nb: {
    title: 'Tape høyst 30 000 euro i året',
    words:
      'Det som går tapt med kunder som slutter, mangler hvert år på nytt. Vi ringer før noen blir stille, og retter opp klager samme dag.\n\n- Den som er for sen med å bestille, får en telefon.\n- Ingen klage blir liggende natten over uten svar.',
  },
};

export const NEEDS_MET: Texts = {
  de: {
    title: 'Vier von fünf sagen: Ihr habt, was ich brauche',
    words:
      'Wer bei uns kauft, soll finden, was er braucht. Wir hören auf jede Antwort, die etwas vermisst, und sagen im Laden, was wir daraus gemacht haben.',
  },
  en: {
    title: 'Four in five say: you have what I need',
    words:
      'Whoever buys from us should find what they need. We listen to every answer that misses something, and say in the shop what we made of it.',
  },
  nl: {
    title: 'Vier op de vijf zeggen: jullie hebben wat ik nodig heb',
    words:
      'Wie bij ons koopt, moet vinden wat hij nodig heeft. We luisteren naar elk antwoord dat iets mist en vertellen in de winkel wat we ermee hebben gedaan.',
  },
  nb: {
    title: 'Fire av fem sier: dere har det jeg trenger',
    words:
      'Den som handler hos oss, skal finne det han eller hun trenger. Vi lytter til hvert svar som savner noe, og forteller i butikken hva vi har gjort med det.',
  },
};

export const REACHING: Texts = {
  de: {
    said: 'Auf meine Fragen hat niemand geantwortet',
    did: 'Jede Nachricht bekommt am selben Arbeitstag eine Antwort, auch wenn sie nur sagt, bis wann mehr kommt. Das Telefon ist von acht bis sechs besetzt.',
  },
  en: {
    said: 'Nobody answered my questions',
    did: 'Every message gets an answer on the same working day, if only to say by when there will be more. The telephone is answered from eight to six.',
  },
  nl: {
    said: 'Niemand gaf antwoord op mijn vragen',
    did: 'Elk bericht krijgt dezelfde werkdag antwoord, ook als dat alleen zegt wanneer er meer volgt. De telefoon is van acht tot zes bemand.',
  },
  nb: {
    said: 'Ingen svarte på spørsmålene mine',
    did: 'Alle meldinger får svar samme arbeidsdag, om så bare for å si når det kommer mer. Telefonen er betjent fra åtte til seks.',
  },
};

export const PEOPLE: Texts = {
  de: {
    said: 'Am liebsten rede ich mit jemandem, der mich kennt',
    did: 'Jede Kundin und jeder Kunde hat eine Ansprechperson. Sie stellt sich mit der ersten Lieferung vor und unterschreibt, was wir schreiben.',
  },
  en: {
    said: 'I like talking to somebody who knows me',
    did: 'Every customer has a contact person, who says hello with the first delivery and signs what we write.',
  },
  nl: {
    said: 'Ik praat het liefst met iemand die mij kent',
    did: 'Elke klant heeft een vaste contactpersoon. Die stelt zich voor bij de eerste levering en ondertekent wat we schrijven.',
  },
  nb: {
    said: 'Jeg snakker helst med noen som kjenner meg',
    did: 'Alle kunder har en fast kontaktperson, som hilser på ved første levering og undertegner det vi skriver.',
  },
};

export const LETTER: Texts = {
  de: {
    subject: 'Sie haben es uns gesagt, wir haben zugehört',
    body: 'vor einiger Zeit haben Sie uns geschrieben, dass Ihre Fragen bei uns liegen geblieben sind. Das war so, und Ihre Antwort hat uns geholfen: Inzwischen bekommt jede Nachricht noch am selben Arbeitstag eine Antwort, und das Telefon ist von acht bis sechs besetzt.\n\nSie müssen nichts tun. Danke, dass Sie es uns gesagt haben.',
  },
  en: {
    subject: 'You told us, and we listened',
    body: 'Some time ago you told us that your questions went unanswered. You were right, and it helped: by now every message gets an answer on the same working day, and somebody answers the telephone from eight to six.\n\nYou need do nothing. Thank you for telling us.',
  },
  nl: {
    subject: 'U vertelde het ons, en wij luisterden',
    body: 'Een tijd geleden schreef u ons dat uw vragen bleven liggen. U had gelijk, en uw antwoord hielp: inmiddels krijgt elk bericht dezelfde werkdag antwoord, en de telefoon is van acht tot zes bemand.\n\nU hoeft niets te doen. Dank u wel dat u het ons vertelde.',
  },
  nb: {
    subject: 'Du sa det til oss, og vi lyttet',
    body: 'For en tid siden skrev du til oss at spørsmålene dine ble liggende. Du hadde rett, og svaret ditt hjalp: Nå får alle meldinger svar samme arbeidsdag, og telefonen er betjent fra åtte til seks.\n\nDu trenger ikke gjøre noe. Takk for at du sa fra.',
  },
};
