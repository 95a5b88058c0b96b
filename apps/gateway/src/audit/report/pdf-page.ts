import PDFDocument from 'pdfkit';
import { TITLE } from './document-texts.js';

const MARGIN = 62;
const BODY_SIZE = 10.5;
const SMALL_SIZE = 9;
const HEADING_SIZES = { H1: 22, H2: 15, H3: 12 } as const;
const GAP = 7;
const INDENT = 14;
const INK = '#1b1b1b';
const HEADING_INK = '#154273';
/** Room that a heading needs below itself, so that it does not stand alone at the foot of a page. */
const KEEP_WITH_NEXT = 90;

/**
 * A tagged PDF of headings, paragraphs and lists: read in order by a screen reader, in Dutch, with a title. Fonts are
 * those that every reader has (Helvetica); nothing is loaded from anywhere.
 */
export class PdfPage {
  readonly stream = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'nl-NL',
    displayTitle: true,
    info: {
      Title: TITLE,
      Subject: 'Overzicht bij een verzoek om inzage',
      Creator: 'Ketenpoort',
      Producer: 'Ketenpoort',
    },
  });
  private readonly root = this.stream.struct('Document');
  private list: PDFKit.PDFStructureElement | null = null;

  constructor() {
    this.stream.addStructure(this.root);
    this.stream.fillColor(INK);
  }

  heading(level: keyof typeof HEADING_SIZES, text: string): void {
    this.endList();
    const { stream } = this;
    this.keepWithNext();
    if (level !== 'H1') stream.moveDown(level === 'H2' ? 1 : 0.4);
    stream.font('Helvetica-Bold').fontSize(HEADING_SIZES[level]).fillColor(HEADING_INK);
    this.write(this.root, level, text, 0);
    stream.fillColor(INK);
  }

  /** `bold`: it introduces what follows, and stays with it. */
  paragraph(text: string, { bold = false } = {}): void {
    this.endList();
    if (bold) this.keepWithNext();
    this.stream.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(BODY_SIZE);
    this.write(this.root, 'P', text, 0);
  }

  /** Items that follow each other are one list. */
  item(text: string, { small = false } = {}): void {
    this.list ??= this.added(this.root, 'L');
    const item = this.added(this.list, 'LI');
    this.stream.font('Helvetica').fontSize(small ? SMALL_SIZE : BODY_SIZE);
    this.write(item, 'LBody', text, INDENT, small ? 2 : 4);
    item.end();
  }

  /** No more comes: the rest of the file is written. */
  end(): void {
    this.endList();
    this.root.end();
    this.stream.end();
  }

  private keepWithNext(): void {
    const { stream } = this;
    if (stream.y + KEEP_WITH_NEXT > stream.page.height - MARGIN) stream.addPage();
  }

  private endList(): void {
    if (!this.list) return;
    this.list.end();
    this.list = null;
    this.stream.y += GAP;
  }

  private added(parent: PDFKit.PDFStructureElement, type: string): PDFKit.PDFStructureElement {
    const element = this.stream.struct(type);
    parent.add(element);
    return element;
  }

  private write(parent: PDFKit.PDFStructureElement, type: string, text: string, indent: number, gap = GAP): void {
    const { stream } = this;
    const width = stream.page.width - 2 * MARGIN - indent;
    const draw = (): void => {
      stream.text(text, MARGIN + indent, stream.y, { width, lineGap: 2 });
    };
    parent.add(stream.struct(type, {}, draw));
    stream.x = MARGIN;
    stream.y += gap;
  }
}
