import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '#contracts/catalogue.js';
import { loadPolicy } from '../../apps/gateway/src/policy/load-policy.js';
import { releaseTables } from './release-tables.js';
import { renderDpia } from './render-dpia.js';
import { renderRegister } from './render-register.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const tables = releaseTables(policy);

describe('the papers that are made of the policy', () => {
  it('register every activity with every message that belongs to it', () => {
    const sections = renderRegister(policy, tables).split('\n## ');
    for (const { nl, uri } of Object.values(policy.activities)) {
      const section = sections.find((text) => text.startsWith(`${nl}\n`)) ?? '';
      expect(section).toContain(uri);
      for (const { id, dutch, processingActivity, routes } of CONTRACTS) {
        if (processingActivity === uri && routes.length > 0) expect(section).toContain(`${id} ${dutch}`);
      }
    }
  });

  it('say of the police supplement that it is confidential and falls under the Wpg', () => {
    expect(renderRegister(policy, tables)).toMatch(/dossier-avim \|\n\| regime \| Wpg; vertrouwelijk \|/);
  });

  it('name for the DPIA each purpose, group and weak basis, and each receiver of sensitive data', () => {
    const text = renderDpia(policy, tables);
    for (const { code, nl } of Object.values(policy.purposes)) expect(text).toContain(`| ${code} | ${nl} |`);
    expect(text).toContain('| FG05 | foto, vingerafdrukken | biometrisch | niemand |');
    expect(text).toMatch(/\| LB1 \|.*Zwak: geen wet noemt de LVV/);
    expect(text).toContain('| M08 dossierdeel IND | gemeente | P03 | FG09 inreisverbod, ongewenstverklaring: beperkt of gecodeerd');
    expect(text).toMatch(/\| 9 \| contra-indicatie ja, nee of overleg met de burgemeester.* \| FG16: [^|]*\bMC\b/);
    for (const { number, nl } of policy.conditions) expect(text).toContain(`| ${number} | ${nl} |`);
    expect(text).not.toMatch(/\| ngo \| P\d\d \| .*(strafrechtelijk|FG09|FG16)/);
  }); // prettier-ignore
});
