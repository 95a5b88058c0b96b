import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '#contracts/catalogue.js';
import { ERRORS } from '../../errors.js';
import { API_ROUTES } from '../../http/api-routes.js';
import { asyncapiDocument } from '../asyncapi.js';
import { openapiDocument } from '../openapi.js';
import { docsPage } from './docs-page.js';

const { html, contentSecurityPolicy } = docsPage(openapiDocument('https://poort.example:8443'), asyncapiDocument());

describe('the page for people', () => {
  it('has a place for every call, every error and every contract, and each link leads to one', () => {
    const places = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(places).size).toBe(places.length);
    const wanted = [
      ...API_ROUTES.map((route) => route.operationId),
      ...Object.keys(ERRORS),
      ...CONTRACTS.map((contract) => contract.id),
    ];
    expect(places).toEqual(expect.arrayContaining(wanted));
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(wanted.length);
    expect(links.filter((link) => !places.includes(link))).toEqual([]);
  });

  it('loads nothing and runs nothing: its one style is named by hash in the policy', () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|form)\b|\son[a-z]+=|\ssrc=|@import|url\(/i);
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(contentSecurityPolicy).toContain(`style-src 'sha256-${hash}'`);
    expect(contentSecurityPolicy).toContain("default-src 'none'");
  });

  it('is Dutch, has one main heading, and shows methods, parameters and examples', () => {
    expect(html).toContain('<html lang="nl">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('Purpose-Of-Use');
    expect(html).toContain('urn:nld:oin:00000099000000000105:voorbeeldsysteem');
    expect(html).not.toContain('[object Object]');
    expect(html).not.toContain('undefined');
  });
});
