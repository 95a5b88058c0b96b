import { inflateSync } from 'node:zlib';

const STREAM = /stream\r?\n/g;
const SHOWN = /\[([^\]]*)\] TJ|<([0-9a-fA-F]+)> Tj/g;
const HEX = /<([0-9a-fA-F]+)>/g;

/** The text of a PDF as its pages show it, line after line: what is compressed is opened, what is hexadecimal is read. */
export function pdfText(file: Buffer): string {
  return contentStreams(file)
    .flatMap((content) => [...content.matchAll(SHOWN)].map(([, pieces, single]) => textOf(pieces ?? `<${single}>`)))
    .join(' ');
}

/** Every stream that can be opened; fonts and images are none of these here. */
function contentStreams(file: Buffer): readonly string[] {
  const text = file.toString('latin1');
  return [...text.matchAll(STREAM)].flatMap((match) => {
    const from = match.index + match[0].length;
    const bytes = file.subarray(from, text.indexOf('endstream', from));
    try {
      return [inflateSync(bytes).toString('latin1')];
    } catch {
      return [];
    }
  });
}

/** WinAnsi agrees with Latin-1 in all letters that Dutch needs. */
function textOf(pieces: string): string {
  return [...pieces.matchAll(HEX)].map(([, hex]) => Buffer.from(hex ?? '', 'hex').toString('latin1')).join('');
}
