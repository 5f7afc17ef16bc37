import tseslint from 'typescript-eslint';

const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'process.env is read in src/config.ts only',
};
const CLOCK = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'the time comes from src/shared/clock.ts only',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'the time comes from src/shared/clock.ts only',
  },
];
const SPREAD_LITERAL = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message: 'the properties can stand there themselves, each on a line of its own',
};

export default tseslint.config(
  { ignores: ['node_modules', 'data/var'] },
  {
    files: ['src/**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 40, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          ignoreRestSiblings: true,
          varsIgnorePattern: '^_',
          argsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
        },
      ],
      'no-restricted-syntax': ['error', ENVIRONMENT, ...CLOCK, SPREAD_LITERAL],
    },
  },
  { files: ['src/config.ts', 'src/shared/clock.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
