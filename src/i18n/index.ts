export * from './formats.ts';
export * from './languages.ts';
export { loadTexts, type Texts, type Translate } from './texts.ts';
