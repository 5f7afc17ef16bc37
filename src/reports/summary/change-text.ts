export { changeText } from '../changes/texts.ts';
