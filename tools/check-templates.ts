/** Compiles each template, as TypeScript at the same lines and columns, against the view type on its first line. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

const VIEW = /^<%# v: (?<type>.+), from '(?<from>[^']+)'/;
const TAG = /<%([=\-_#]?)([\s\S]*?)([-_]?)%>/g;
const WORD = /^\w+/;
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Markup becomes blanks, `<%= x %>` a call that takes text or numbers, `<%- x %>` one that takes markup. */
function asTypeScript(template: string, name: string): string {
  const { type, from } = VIEW.exec(template)?.groups ?? {};
  if (!type || !from) throw new Error(`${name}.ejs:1 first line must be <%# v: Type, from 'file' %>`);
  const render = relative(dirname(resolve('views', name)), resolve('src/web/render.ts')).replaceAll('\\', '/');
  const imported = WORD.exec(type)?.[0];
  return [
    `import type * as W from '${render}'; `,
    imported ? `import type { ${imported} } from '${from}'; ` : '',
    `((v: ${type}, t: W.Translate, csrf: string, once: string, partial: W.Partial, o: (text: string | number) => void, r: (markup: W.Html) => void, `,
    `same = (_: W.Templates['${name}' & keyof W.Templates]) => {}) => { same(v); void t; void csrf; void once; void partial; void o; void r; ${body(template)}\n});`,
  ].join('');
}

function body(template: string): string {
  let code = '';
  let end = 0;
  for (const { 0: tag, 1: kind = '', 2: inner = '', 3: trim = '', index } of template.matchAll(TAG)) {
    const [open, close] = kind === '=' ? [';o(', ');'] : kind === '-' ? [';r(', ');'] : [blank(`<%${kind}`), '  '];
    code += blank(template.slice(end, index)) + open + (kind === '#' ? blank(inner) : inner) + blank(trim) + close;
    end = index + tag.length;
  }
  return code;
}

const paths = globSync('views/**/*.ejs');
const files = new Map(
  paths.map((file) => [
    resolve(`${file}.ts`),
    asTypeScript(readFileSync(file, 'utf8'), relative('views', file).slice(0, -'.ejs'.length).replaceAll('\\', '/')),
  ]),
);

const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path));
const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ['src'] }, ts.sys, '.');
const host = ts.createCompilerHost(options);
const { readFile, fileExists } = host;
host.readFile = (name) => files.get(name) ?? readFile(name);
host.fileExists = (name) => files.has(name) || fileExists(name);
host.getSourceFile = (name, version) => {
  const text = host.readFile(name);
  return text === undefined ? undefined : ts.createSourceFile(name, text, version);
};

const program = ts.createProgram([...fileNames, ...files.keys()], options, host);
const problems = [...files.keys()].flatMap((name) => {
  const source = program.getSourceFile(name);
  return source ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)] : [];
});
for (const { file, start = 0, messageText } of problems) {
  if (!file) continue;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const place = `${relative('.', file.fileName).slice(0, -'.ts'.length)}:${line + 1}:${line ? character + 1 : 1}`;
  console.log(`${place} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

const raw = paths.filter((file) => /<%-(?!\s*(partial\(|v\.body\s))/.test(readFileSync(file, 'utf8')));
for (const file of raw) console.log(`${file}: <%- is for partial(...) only`);
const inline = paths.filter(
  (file) =>
    !file.startsWith('views/mail/') &&
    /\sstyle="|<style|<script(?![^>]*\ssrc=)|\son\w+="/.test(readFileSync(file, 'utf8')),
);
for (const file of inline) console.log(`${file}: no inline style or script`);
process.exitCode = problems.length + raw.length + inline.length > 0 ? 1 : 0;
