/** What is read of a CycloneDX component that npm wrote. */
export interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[];
}
export interface Bom {
  readonly bomFormat: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}
export interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly name?: string; readonly dev?: boolean }>
  >;
}
export interface Licences {
  /** SPDX ids whose works may be part of one under EUPL-1.2. */
  readonly compatible: readonly string[];
  /** For packages whose package.json names no licence: what their own text says. */
  readonly stated: readonly { readonly package: string; readonly licence: string; readonly reason: string }[];
}

/** `name@version` of all that production needs, by the lock file. */
export function productionPackages({ packages }: Lock): ReadonlySet<string> {
  const needed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return new Set(needed.map(([path, { name, version }]) => `${name ?? nameOf(path)}@${version ?? ''}`));
}

/** The bill without what only development needs. */
export function productionBom(bom: Bom, lock: Lock): Bom {
  const needed = productionPackages(lock);
  const components = bom.components.filter(({ name, version }) => needed.has(`${name}@${version}`));
  const refs = new Set(components.map((one) => one['bom-ref']));
  const inside = (all: readonly string[] = []): string[] => all.filter((ref) => refs.has(ref));
  const [root, ...others] = bom.dependencies;
  const kept = [...(root ? [root] : []), ...others.filter(({ ref }) => refs.has(ref))];
  return {
    ...bom,
    components,
    dependencies: kept.map(({ ref, dependsOn }) => ({ ref, dependsOn: inside(dependsOn) })),
  };
}

/** What is wrong with a bill, a sentence each: what production needs and it lacks, and licences that do not fit. */
export function bomProblems(bom: Bom, lock: Lock, licences: Licences): readonly string[] {
  const there = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
  const missing = [...productionPackages(lock)].filter((one) => !there.has(one));
  const stated = new Map(licences.stated.map((one) => [one.package, one.licence]));
  const unused = [...stated.keys()].filter((one) => !there.has(one));
  return [
    ...(bom.bomFormat === 'CycloneDX' ? [] : ['the bill is not in the CycloneDX format']),
    ...missing.map((one) => `${one} is missing from the bill`),
    ...bom.components.flatMap((component) => licenceProblem(component, stated, licences.compatible)),
    ...unused.map((one) => `${one} has a stated licence, but is not needed any more`),
  ];
}

function licenceProblem(
  component: Component,
  stated: ReadonlyMap<string, string>,
  compatible: readonly string[],
): string[] {
  const name = `${component.name}@${component.version}`;
  const own = (component.licenses ?? []).map(({ license, expression }) => expression ?? license?.id ?? '');
  const found = own.length > 0 ? own : [stated.get(name) ?? ''];
  if (found.every((one) => isCompatible(one, compatible))) return [];
  return [`${name}: licence ${found.join(', ') || 'unknown'} is not on the list of those that fit EUPL-1.2`];
}

/** SPDX expressions without brackets inside brackets: one of several is enough, all of several are needed. */
function isCompatible(expression: string, compatible: readonly string[]): boolean {
  const choices = expression.replace(/^\((.*)\)$/, '$1').split(/ OR /);
  return choices.some((choice) => choice.split(/ AND /).every((one) => compatible.includes(one.trim())));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
