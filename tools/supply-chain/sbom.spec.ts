import { describe, expect, it } from '@jest/globals';
import { type Bom, bomProblems, type Component, productionBom } from './sbom.js';

const component = (name: string, version: string, licence?: string): Component => ({
  'bom-ref': `${name}@${version}`,
  name,
  version,
  purl: `pkg:npm/${name}@${version}`,
  ...(licence === undefined ? {} : { licenses: [{ license: { id: licence } }] }),
});
const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/@b/c': { version: '2.0.0' },
    'node_modules/tool': { version: '3.0.0', dev: true },
  },
};
const whole: Bom = {
  bomFormat: 'CycloneDX',
  components: [component('a', '1.0.0', 'MIT'), component('@b/c', '2.0.0', 'ISC'), component('tool', '3.0.0', 'MIT')],
  dependencies: [
    { ref: 'ketenpoort@0.1.0', dependsOn: ['a@1.0.0', 'tool@3.0.0'] },
    { ref: 'a@1.0.0', dependsOn: ['@b/c@2.0.0'] },
    { ref: 'tool@3.0.0', dependsOn: ['a@1.0.0'] },
  ],
};
const licences = { compatible: ['MIT', 'ISC'], stated: [] };

describe('the bill of materials', () => {
  it('has what production needs, nested packages too, and nothing of development', () => {
    const bom = productionBom(whole, lock);
    expect(bom.components.map(({ name }) => name)).toEqual(['a', '@b/c']);
    expect(bom.dependencies).toEqual([
      { ref: 'ketenpoort@0.1.0', dependsOn: ['a@1.0.0'] },
      { ref: 'a@1.0.0', dependsOn: ['@b/c@2.0.0'] },
    ]);
    expect(bomProblems(bom, lock, licences)).toEqual([]);
  });

  it('is refused when a package is missing, or stands there in another version', () => {
    const bom = { ...whole, components: [component('a', '1.0.1', 'MIT')] };
    expect(bomProblems(bom, lock, licences)).toEqual([
      'a@1.0.0 is missing from the bill',
      '@b/c@2.0.0 is missing from the bill',
    ]);
  });

  it.each([
    ['MIT', true],
    ['(GPL-3.0-only OR MIT)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN x', false],
  ])('judges the licence %s: %s', (licence, fits) => {
    const bom = { ...whole, components: [component('a', '1.0.0', licence), component('@b/c', '2.0.0', 'MIT')] };
    expect(bomProblems(bom, lock, licences)).toHaveLength(fits ? 0 : 1);
  });

  it('knows an unnamed licence by what was read of the package, as long as it is needed', () => {
    const bom = { ...whole, components: [component('a', '1.0.0'), component('@b/c', '2.0.0', 'MIT')] };
    const unknown = 'a@1.0.0: licence unknown is not on the list of those that fit EUPL-1.2';
    expect(bomProblems(bom, lock, licences)).toEqual([unknown]);
    const read = (name: string) => ({ package: name, licence: 'MIT', reason: 'its own text' });
    expect(bomProblems(bom, lock, { ...licences, stated: [read('a@1.0.0')] })).toEqual([]);
    expect(bomProblems(bom, lock, { ...licences, stated: [read('a@1.0.0'), read('z@1.0.0')] })).toEqual([
      'z@1.0.0 has a stated licence, but is not needed any more',
    ]);
  });
});
