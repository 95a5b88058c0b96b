import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** A module as its text says it is; nothing of it is run. */
export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** String and template literals, the fixed parts of the latter joined by `?`. */
  readonly strings: readonly string[];
  readonly hasDefaultExport: boolean;
  /** True when it does nothing but pass on what others export. */
  readonly onlyReexports: boolean;
  readonly readsEnvironment: boolean;
}

export interface Import {
  /** Path of a file of this repository, or the name of a package. */
  readonly to: string;
  readonly own: boolean;
  /** Gone after compilation: it can neither make a cycle nor pull anything in. */
  readonly typeOnly: boolean;
}

const ALIAS = /^#(contracts|identity|ledger|messaging|telemetry)\/(.*)\.js$/;

/** All TypeScript of these folders; generated files are left out. */
export function readSources(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) => pathsIn(folder)).map((path) => parseSource(path, readFileSync(path, 'utf8')));
}

function pathsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' || entry.name === 'node_modules' ? [] : pathsIn(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

export function parseSource(path: string, text: string): SourceFile {
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const strings: string[] = [];
  const imports: Import[] = [];
  let readsEnvironment = false;
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) strings.push(node.text);
    if (ts.isTemplateExpression(node)) {
      strings.push([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('?'));
    }
    if (ts.isPropertyAccessExpression(node) && node.getText(parsed) === 'process.env') readsEnvironment = true;
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [named] = node.arguments;
      if (named && ts.isStringLiteral(named)) imports.push(resolved(path, named.text, false));
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  imports.push(...parsed.statements.flatMap((statement) => importsOf(path, statement)));
  const passesOn = parsed.statements.every((one) => ts.isExportDeclaration(one) || ts.isImportDeclaration(one));
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    imports,
    strings,
    hasDefaultExport: parsed.statements.some(isDefaultExport),
    onlyReexports: passesOn && parsed.statements.some(ts.isExportDeclaration),
    readsEnvironment,
  };
}

function importsOf(path: string, statement: ts.Statement): readonly Import[] {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
  const { moduleSpecifier } = statement;
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
  return [resolved(path, moduleSpecifier.text, isTypeOnly(statement))];
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    !clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly)
  );
}

function resolved(from: string, specifier: string, typeOnly: boolean): Import {
  const alias = ALIAS.exec(specifier);
  if (alias) return { to: `libs/${alias[1]}/src/${alias[2]}.ts`, own: true, typeOnly };
  if (!specifier.startsWith('.')) return { to: specifier, own: false, typeOnly };
  const path = posix.join(posix.dirname(from), specifier);
  const to = existsSync(join(process.cwd(), path)) ? path : path.replace(/\.js$/, '.ts');
  return { to, own: true, typeOnly };
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword);
}
