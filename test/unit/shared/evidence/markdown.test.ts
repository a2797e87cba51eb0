import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkdown, type Block, type Inline } from '../../../../shared/evidence/markdown.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });
const paragraph = (...children: readonly Inline[]): Block => ({ kind: 'paragraph', children });

/** Everything that is read, marks left out. */
const words = (nodes: readonly (Block | Inline)[]): string =>
  nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
        case 'code':
          return node.text;
        case 'break':
          return '\n';
        case 'rule':
          return '';
        case 'list':
          return node.items.map((item) => words(item)).join('');
        default:
          return words(node.children);
      }
    })
    .join('');

const depth = (nodes: readonly (Block | Inline)[]): number =>
  1 +
  nodes.reduce((most, node) => {
    const below =
      node.kind === 'list' ? node.items.map((item) => depth(item)) : 'children' in node ? [depth(node.children)] : [0];
    return Math.max(most, ...below);
  }, 0);

describe('notes in Markdown', () => {
  it('marks become strong, emphasis, struck and code', () => {
    expect(parseMarkdown('a **b** *c* ~~d~~ `e * f`')).toEqual([
      paragraph(
        text('a '),
        { kind: 'strong', children: [text('b')] },
        text(' '),
        { kind: 'emphasis', children: [text('c')] },
        text(' '),
        { kind: 'struck', children: [text('d')] },
        text(' '),
        { kind: 'code', text: 'e * f' },
      ),
    ]);
  });

  it('marks nest, and one without an end is text', () => {
    expect(parseMarkdown('**a *b* c** *d')).toEqual([
      paragraph({ kind: 'strong', children: [text('a '), { kind: 'emphasis', children: [text('b')] }, text(' c')] }, text(' *d')),
    ]);
  });

  it('an underline inside of a word and a mark behind a backslash are text', () => {
    expect(parseMarkdown(String.raw`the_server_log \*not\* 2 * 3 * 4`)).toEqual([
      paragraph(text('the_server_log *not* 2 * 3 * 4')),
    ]);
  });

  it('lines end where they were ended', () => {
    expect(parseMarkdown('a\r\nb')).toEqual([paragraph(text('a'), { kind: 'break' }, text('b'))]);
  });

  it('headings, rules, quotes, code and lists are blocks', () => {
    expect(parseMarkdown('## T\ntext\n---\n> q\n\n```sh\n**x**\n\n<b>\n```\n3. a\n   - b\n4. c')).toEqual([
      { kind: 'heading', level: 2, children: [text('T')] },
      paragraph(text('text')),
      { kind: 'rule' },
      { kind: 'quote', children: [paragraph(text('q'))] },
      { kind: 'code', text: '**x**\n\n<b>' },
      {
        kind: 'list',
        start: 3,
        items: [[paragraph(text('a')), { kind: 'list', start: null, items: [[paragraph(text('b'))]] }], [paragraph(text('c'))]],
      },
    ]);
  });

  it('links, images and markup stay the text that was written', () => {
    const written = '[a](https://example.test) ![b](x.png) <https://example.test> <img src=x> <script>';
    expect(parseMarkdown(written)).toEqual([paragraph(text(written))]);
  });

  it('whatever is written gives a shallow tree of known nodes, and no letter is lost', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '``',
      '\n',
      '> ',
      '- ',
      '1. ',
      '# ',
      '```\n',
      '    ',
      ' ',
      'a',
      'b',
      '\\',
      '---',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const written = pieces.join('');
        const tree = parseMarkdown(written);
        expect(depth(tree)).toBeLessThan(20);
        expect(words(tree).replaceAll(/[^ab]/g, '')).toBe(written.replaceAll(/[^ab]/g, ''));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('quotes beyond the deepest are text', () => {
    expect(depth(parseMarkdown('> '.repeat(10_000)))).toBeLessThan(12);
    expect(depth(parseMarkdown('**a '.repeat(10_000)))).toBeLessThan(12);
  });
});
