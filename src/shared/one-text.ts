/** What came under a name in a form or an address as one text; '' where nothing came, or several. */
export const oneText = (value: unknown): string => (typeof value === 'string' ? value : '');
