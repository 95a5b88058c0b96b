import { ProgressBar } from '../../apps/verify/src/progress-bar.js';
import { generateExport } from './generate-export.js';

const [folder, size = '200000'] = process.argv.slice(2);
if (folder === undefined || !/^\d{1,8}$/.test(size)) {
  console.error(
    'Usage: node dist/tools/log/generate-main.js <folder> [records]: an export of synthetic records, to measure with.',
  );
  process.exitCode = 2;
} else {
  const bar = new ProgressBar('Generating', 'records', process.stderr);
  bar.expect(Number(size));
  await generateExport(folder, Number(size), (count) => bar.advance(count));
  bar.done();
}
