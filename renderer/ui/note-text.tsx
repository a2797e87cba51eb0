// A note as it is read: the tree of shared/evidence/markdown.ts drawn with elements of our own. Nothing in it is markup, nothing leads
// anywhere, and text keeps its odd characters visible.

import { Recorded } from './recorded.tsx';

/** The trees of shared/evidence/markdown.ts. */
export type NoteInline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly children: readonly NoteInline[] }
  | { readonly kind: 'break' };

export type NoteBlock =
  | { readonly kind: 'paragraph'; readonly children: readonly NoteInline[] }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly children: readonly NoteInline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly NoteBlock[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly NoteBlock[])[] }
  | { readonly kind: 'rule' };

export function NoteText({ blocks }: { readonly blocks: readonly NoteBlock[] }): React.JSX.Element {
  return (
    <div className="note-text">
      <Blocks blocks={blocks} />
    </div>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly NoteBlock[] }): React.ReactNode {
  return blocks.map((block, i) => <Block key={i} block={block} />);
}

function Block({ block }: { readonly block: NoteBlock }): React.JSX.Element {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Inlines inlines={block.children} />
        </p>
      );
    case 'heading':
      // A note's heading is none of the page's.
      return (
        <p className={`heading level-${String(block.level)}`}>
          <Inlines inlines={block.children} />
        </p>
      );
    case 'code':
      return (
        <pre>
          <code>{lines(block.text)}</code>
        </pre>
      );
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.children} />
        </blockquote>
      );
    case 'list': {
      const items = block.items.map((item, i) => (
        <li key={i}>
          <Blocks blocks={item} />
        </li>
      ));
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    case 'rule':
      return <hr />;
  }
}

/** Lines of code, whose ends are obeyed and shown as nothing else. */
const lines = (text: string): React.ReactNode =>
  text.split('\n').map((line, i) => (
    <span key={i}>
      {i === 0 ? null : '\n'}
      <Recorded text={line} />
    </span>
  ));

function Inlines({ inlines }: { readonly inlines: readonly NoteInline[] }): React.ReactNode {
  return inlines.map((inline, i) => <Inline key={i} inline={inline} />);
}

function Inline({ inline }: { readonly inline: NoteInline }): React.JSX.Element {
  switch (inline.kind) {
    case 'text':
      return <Recorded text={inline.text} />;
    case 'code':
      return (
        <code>
          <Recorded text={inline.text} />
        </code>
      );
    case 'strong':
      return (
        <strong>
          <Inlines inlines={inline.children} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      );
    case 'struck':
      return (
        <s>
          <Inlines inlines={inline.children} />
        </s>
      );
    case 'break':
      return <br />;
  }
}
