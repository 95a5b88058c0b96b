import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, richText } from './markup.js';

/** What a browser would show of it as text. */
function shown(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

describe('markup', () => {
  it('never lets text become an element or leave its attribute, and shows it as it was', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inside = html`<b title="${text}">${[text]}</b>`.text;
        const [, attribute = '', content = ''] = /^<b title="([^"]*)">([^<]*)<\/b>$/.exec(inside) ?? [];
        expect([shown(attribute), shown(content)]).toEqual([text, text]);
      }),
    );
  });

  it('keeps markup inside markup, and leaves out what is absent', () => {
    expect(html`<p>${html`<b>1 ${2}</b>`}${null}${undefined}${[]}</p>`.text).toBe('<p><b>1 2</b></p>');
  });

  it('reads paragraphs, lists, code and bold, and escapes inside them', () => {
    const { text } = richText('Eén `<a>` en\n**twee**\n\n- een\n- twee\n  regels');
    expect(text.replace(/\s+/g, ' ')).toBe(
      '<p>Eén <code>&lt;a&gt;</code> en <strong>twee</strong></p><ul> <li>een</li><li>twee regels</li> </ul>',
    );
  });
});
