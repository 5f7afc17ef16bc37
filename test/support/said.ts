import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What somebody who left said, and what a careful reader finds in it, the main reason first, by the keys of codes. */
export interface Said {
  words: string;
  language: string;
  codes: string[];
}

interface File {
  lang: string;
  leaving: { text: string; codes: string[] }[];
}

const DEMO = join(import.meta.dirname, '../../data/demo');
const LANGUAGES = ['en', 'de', 'nl', 'nb'];

function saidIn(language: string): Said[] {
  const { leaving } = JSON.parse(readFileSync(join(DEMO, `answers-${language}.json`), 'utf8')) as File;
  return leaving.map(({ text, codes }) => ({ words: text, language, codes }));
}

/** Forty answers about something that no reason covers. */
const ABOUT_DOGS = `
My dog is no longer allowed in the shop.
Since the spring, dogs have to wait outside.
I come with my dog or I don't come at all.
There's a sign on your door now: no dogs.
You sent me and my dog out of the shop.
My dog had to stay outside in the rain.
Why may nobody bring a dog in any more?
My old dog can't be tied up outside alone.
No dogs allowed. Fine, then no me either.
I was told off for bringing my dog inside.
Your new manager does not like dogs in the shop.
He is a guide dog in training and you turned him away.
My little dog always came along. Now he may not.
Dogs were welcome for years, and suddenly they are not.
I won't leave my dog outside on the pavement.
You used to have a water bowl for dogs. Now dogs are forbidden.
Someone nearly took my dog while he waited outside.
A shop that doesn't let my dog in doesn't get me in.
The no dogs rule.
I walk the dog in the morning and used to drop in. Dogs aren't allowed now.
My dog barked once and we were asked to go outside.
Dogs must stay outside, it says. Mine cries.
Not allowed in with the dog, so I walk past.
My dog is as clean as any customer and still not allowed inside.
We have two dogs, and both have to stay outside your door.
I asked whether the dog could come in on my arm. No.
The dog and I are not welcome any more.
Because of the dog. You don't allow them now.
Dog ban in the shop since June.
With a dog you cannot get in there any more.
The girl at the counter said dogs out.
I'd have to leave my dog in the car and I won't.
You banned dogs.
It's the dog thing. He isn't allowed in the shop.
My dog always got a biscuit from your colleague. Then came the ban on dogs.
A puppy can't wait outside, and no dogs are allowed inside.
My assistance dog was not allowed inside.
I don't go anywhere my dog isn't allowed.
Small dog, in a bag, and still not allowed.
Dogs not allowed, it was on the door from one day to the next.
`
  .trim()
  .split('\n');

/** So many answers in four languages: those of the sample company, mixed, and forty about dogs. */
export function saidByLeavers(count: number, suits: (said: Said) => boolean): Said[] {
  const lists = LANGUAGES.map((language) => saidIn(language).filter(suits));
  const longest = Math.max(...lists.map(({ length }) => length));
  const mixed = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
  const dogs = ABOUT_DOGS.map((words) => ({ words, language: 'en', codes: ['other'] }));
  return [...mixed.slice(0, count - dogs.length), ...dogs];
}
