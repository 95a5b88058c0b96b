const TOKEN = /"(?:\\.|[^"\\])*"|[{}[\],:]|\n|[^\s{}[\],:"]+/g;

/**
 * Line (1-based) on which the value at a JSON pointer starts, in a text that is known to parse. JSON.parse forgets
 * where things stood, and a person who edits a table needs to be told. Returns 0 when the pointer leads nowhere.
 * @param pointer RFC 6901 without escapes, e.g. `/3/code`; `` for the whole document.
 */
export function lineOfPointer(text: string, pointer: string): number {
  const path: (string | number)[] = [];
  let line = 1;
  let atKey = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line += 1;
      continue;
    }
    if (token === '}' || token === ']') {
      path.pop();
      continue;
    }
    if (token === ',') {
      const index = path.at(-1);
      if (typeof index === 'number') path[path.length - 1] = index + 1;
      else atKey = true;
      continue;
    }
    if (token === ':') continue;
    if (atKey && token.startsWith('"')) {
      path[path.length - 1] = JSON.parse(token) as string;
      atKey = false;
      continue;
    }
    if (path.map((part) => `/${part}`).join('') === pointer) return line;
    if (token === '{') path.push('');
    if (token === '[') path.push(0);
    atKey = token === '{';
  }
  return 0;
}
