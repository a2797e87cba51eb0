import type { TextLogOptions } from '../../shared/api/shapes.ts';
import type { EventSource } from './event-source.ts';
export function* textLog(_source: EventSource, _options: TextLogOptions, _range: { readonly fromSeq: string | null; readonly maxEvents: number }): Generator<string> { yield 'placeholder'; }
