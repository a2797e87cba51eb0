// What prompts look like: those that a shell or a common program writes by default, those that ask for the rest of an unfinished
// command, and questions, which are none.

/** Longest prompt that is looked at. */
export const MAX_PROMPT = 200;

/** What the end of a prompt looks like: a sign, then at most a blank. */
const PROMPT_END = /(?:[$#%>❯»›➜λ]|>>>|\.\.\.)\s?$/u;

/**
 * A prompt that a shell or a common program writes by default: user@host, a path, a name and its sign, or a sign that is used for
 * nothing else, alone or behind the frame of a prompt of two lines.
 */
const LIKELY_PROMPT =
  /(?:^|[\s([])[\w.-]+@[\w.-]+[:\s~/]|^\S{0,60}[~/]\S*\s?[$#%>❯]\s?$|(?:^|\s)[~/]\S{0,60}(?: \([^()]{1,60}\))?\s?[$#%>❯]\s?$|^[\w.-]{1,40}[=#*^!'"(-]?[>#$]\s?$|^(?:[└╰]─+\S{0,40}[$#%>❯]|❯|➜|λ)\s?$|^>>>\s?$|^\.\.\.\s?$/u;

/** Prompts of interpreters and clients: Python, databases, and names that `>` ends, which have neither user, host nor path. */
const PROGRAM_PROMPT = /^(?:>>>|\.\.\.|In \[\d+\]:|[^@~/\\]*>|\S*[-=*^!'"($][#>])$/;

/** What shells and programs ask the rest of an unfinished command with: sh, zsh, Python and Node, MySQL, SQLite, Ruby, PostgreSQL. */
const CONTINUATION =
  /^(?:>|\.{3}|\||(?:[a-z]+ )*(?:for|while|until|repeat|select|if|then|elif|else|case|function|subsh|cursh|array|cmdsubst|heredocd?|pipe|[dbm]?quote|cmdand|cmdor)>|\s+(?:->|\.{3}>|['"`]>|\/\*>)|irb\(\S+\*|\S+[-'"$(*][*!?]?[#>])\s?$/;

/** The same before the text of a line. */
const CONTINUED = /^(?:>|(?:[a-z]+ )*[a-z]+>) /;

/** What a command of a shell has in it that may go on in the next line; programs start with `>`, too. */
const UNFINISHED = /\\$|[|&]\s*$|[{('"`]|<<|\b(?:for|while|until|if|case|select|do|then|else)\b/;

/** A question that waits for an answer, not for a command. */
const QUESTION = /(?:password|passphrase|\[[yn]\/[yn]\]|\(yes\/no[^)]*\)|[?:])\s*$/i;

/** What readline shows in place of the prompt while history is searched; Enter brings the prompt back before the command runs. */
const SEARCH = /^\((?:failed )?(?:reverse-)?i-search\)`/;

/** Whether a text ends like a prompt. */
export const endsLikePrompt = (text: string): boolean => PROMPT_END.test(text);

/** Whether a text is, as a whole, like the prompts that are written by default. */
export const isLikelyPrompt = (text: string): boolean => PROMPT_END.test(text) && LIKELY_PROMPT.test(text.trim());

/** Whether a prompt is like those of programs that are no shells. */
export const isProgramPrompt = (text: string): boolean => PROGRAM_PROMPT.test(text.trim());

export const isQuestion = (text: string): boolean => QUESTION.test(text.trimEnd());

export const isSearch = (line: string): boolean => SEARCH.test(line);

/** Whether what stands in the line below an unfinished command, up to the cursor, asks for more of it. fish only indents that line. */
export function isContinuation(text: string, prompt: string, command: string): boolean {
  if (text.trim() === '') return text !== '' && text.length >= prompt.length;
  if (!CONTINUATION.test(text) || text.trim() === prompt.trim()) return false;
  return text.trim() !== '>' || UNFINISHED.test(command);
}

/** A line below an unfinished command of a shell without the prompt that asked for it; null where none did. */
export function withoutContinuation(line: string, prompt: string, command: string): string | null {
  const asked = CONTINUED.exec(line)?.[0];
  return asked !== undefined && isContinuation(asked, prompt, command) ? line.slice(asked.length) : null;
}

/** What stands behind a prompt; empty where the line has another beginning. */
export function behind(prompt: string, line: string): string {
  return line.startsWith(prompt.trimEnd()) ? line.slice(prompt.length).trim() : '';
}
