// How sources name what a history tells. Letters and digits alone count in a name (`Close Reason`, `close_reason` and `close.reason` are
// one); a word that only says what the table is of may stand before it (`session_target`, `data.target`). Of several names that are filled
// in, the first in the list here is taken; the others stay beside as they are.

/** A list as one line of text, to be read. */
const words = (text: string): readonly string[] => text.split(' ');

const TARGET = words(
  'target targetname targetlabel targetdisplayname targetref targetrefname targetrefdisplayname targetslug targethostname targetid resource resourcename resourceid deployment deploymentname service servicename hostname host server servername serverid machine databasename instance instancename pod container application applicationname app',
);
const EXIT = words('exitcode exitstatus exit exitvalue returncode returnvalue resultcode processexitcode');

export const SESSION_NAMES = {
  nativeId: words('sessionid terminalsessionid sessionuuid sessionuid sessionkey session id uuid uid identifier'),
  target: TARGET,
  environment: words(
    'environment environmentname environmentslug environmentkind environmenttype env envname targetenvironment targetenvironmentname targetenv stage tier',
  ),
  production: words('isproduction production'),
  mode: words('mode modename sessionmode shellmode terminalmode accessmode executionmode runmode targetmode'),
  reason: words(
    'reason reasontext sessionreason accessreason openreason startreason requestreason justification businessreason businessjustification purpose contextpurpose why',
  ),
  approval: words('approval approvalstatus approvalstate approvaldecision approvalsstatus approvalsdecision approved isapproved'),
  approvedBy: words(
    'approvedby approvedbyemail approvedbyname approvalapprovedby approvalapprovedbyemail approvalapprovedbyname approvalby approvalsby approvalsapprovedby approvalsapprover approvalapprover approvalapproveremail approver approveremail approvername approvedbyid approvalapprovedbyid',
  ),
  approvedAt: words(
    'approvedat approvalapprovedat approvalsapprovedat approvalsat approvalat approvaltime approvaltimestamp approvaldate approvedon',
  ),
  initiator: words(
    'initiatoremail initiatoremailaddress initiatoruseremail initiatedbyemail startedbyemail openedbyemail createdbyemail requestedbyemail useremail useremailaddress initiator initiatedby initiatorname initiatordisplayname initiatorlogin initiatorusername startedby startedbyname openedby requestedby requester requesteremail createdby username user userlogin userdisplayname actoremail actor actorname operator principal principalname account member membername email login owner initiatorid initiatoruserid initiatedbyid userid actorid',
  ),
  origin: words(
    'origin originname origintype contextorigin client clienttype clientname channel via surface entrypoint source sourcetype',
  ),
  status: words('status state sessionstatus sessionstate statusname'),
  startedAt: words(
    'startedat starttime started start startdate startedon startat starttimestamp sessionstart openedat opened opentime beganat begin connectedat startedts',
  ),
  createdAt: words('createdat created creationtime timestamp time date datetime at'),
  endedAt: words(
    'endedat endtime ended end enddate endedon endat endtimestamp sessionend finishedat finished finishtime closedat closed closetime stoppedat terminatedat completedat disconnectedat exitedat',
  ),
  duration: words(
    'durationseconds durationsecs durationsec durations durationms durationmillis durationmilliseconds durationmsec durationmicros durationus durationns durationnanos durationminutes durationmins durationmin durationhours duration elapsedseconds elapsedms elapsed lengthseconds lengthms runtimeseconds length',
  ),
  closeReason: words(
    'closereason closedreason closurereason closingreason closereasonname closereasoncode closereasontext closereasonmessage endreason endedreason terminationreason terminatedreason terminationcause disconnectreason exitreason stopreason closecause errorcode errormessage',
  ),
  exitStatus: EXIT,
  recording: words(
    'recordingstatus recordingstate recordingavailability recordingavailable hasrecording recording recorded isrecorded recordingenabled recordingmode',
  ),
  until: words(
    'recordingexpiresat recordingexpires recordingexpiry recordingretaineduntil recordingretentionuntil recordingpurgeat retentionuntil retaineduntil purgeat',
  ),
  purgedAt: words('recordingpurgedat recordingdeletedat recordingexpiredat purgedat'),
} as const;

export const EVENT_NAMES = {
  id: words('eventid auditid auditeventid auditlogid commandid executionid runid activityid logid entryid id uuid uid'),
  nativeId: words('sessionid terminalsessionid sessionuuid sessionuid sessionkey session parentsessionid relatedsessionid'),
  at: words(
    'at occurredat occurred eventtime eventat eventtimestamp eventdate timestamp time executedat ranat runat issuedat submittedat startedat starttime loggedat recordedat createdat created datetime date when ts',
  ),
  actor: words(
    'actoremail actor actorname actorusername performedby executedby runby triggeredby useremail username user userlogin initiatoremail initiator initiatedby initiatorname principal account email login by actorid userid initiatorid',
  ),
  action: words(
    'action actionname event eventname auditaction operation operationname activity verb eventtype activitytype type kind name',
  ),
  target: TARGET,
  outcome: words('outcome result resultstatus status state success succeeded decision'),
  exit: EXIT,
  command: words('command commandline commandtext cmd cmdline argv args'),
  runbook: words('runbook runbookname runbooktitle runbookslug runbookid'),
  statement: words('statement query sql querytext sqltext sqlstatement sqlquery'),
  text: words('text message summary description detail details content body input payload note'),
} as const;

/** When an event happened, in words that are not of a session. */
export const EVENT_TIMES = words(
  'eventtime eventat eventtimestamp eventdate occurredat occurred at timestamp time executedat ranat runat loggedat recordedat',
);

/** Columns that say what a row is. */
export const TYPE_NAMES = words('recordtype rowtype entrytype itemtype objecttype recordkind entrykind record rectype');
/** Columns that may say so, or say something else. */
export const WEAK_TYPE_NAMES = words('type kind category eventcategory eventtype activitytype event action');

/** Words that may stand before a name and say nothing of it. */
const WRAPPERS = new Set(
  words(
    'data attributes fields properties record node item session terminalsession terminal event auditevent audit history details metadata meta context timestamps times timing timeline payload entry',
  ),
);
const PREFIXES = words('terminalsession session terminal history event audit record row');

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(SESSION_NAMES).flat(),
  ...Object.values(EVENT_NAMES).flat(),
  ...TYPE_NAMES,
  ...WEAK_TYPE_NAMES,
]);

/** The letters and digits of a name, in lower case. */
export function bareName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '');
}

/** Zones and units in brackets or at the end of a time's name: `Started (UTC)`. */
const withoutZone = (name: string): string => name.replace(/(?:utc|gmt|rfc3339|iso8601|iso)$/, '');

/** The names under which a field can be known, the closest first; the path is from the outside in. */
export function namesOf(path: readonly string[]): readonly string[] {
  const bare = path.map(bareName);
  const found: string[] = [bare.join('')];
  for (let from = 1; from < bare.length && WRAPPERS.has(bare[from - 1]!); from++) found.push(bare.slice(from).join(''));
  const last = found.at(-1)!;
  for (const prefix of PREFIXES) {
    const rest = last.slice(prefix.length);
    if (last.startsWith(prefix) && KNOWN.has(withoutZone(rest)) && rest !== 'id') {
      found.push(rest);
      break;
    }
  }
  return found.flatMap((name) => (KNOWN.has(name) || withoutZone(name) === name ? [name] : [name, withoutZone(name)]));
}

/** Whether a column of this name has a place, or says what a row is. */
export function isKnownName(name: string): boolean {
  return namesOf([name]).some((one) => KNOWN.has(one));
}

export type RowKind = 'session' | 'event' | 'command' | 'runbook' | 'terminal-audit' | 'database-audit';

const SESSION_WORDS: ReadonlySet<string> = new Set(
  words(
    'session sessions terminalsession terminalsessions sessionrecord sessionrecords sessionhistory terminalsessionrecord terminalhistory history',
  ),
);
const EVENT_WORDS: ReadonlySet<string> = new Set(words('event events activity activities auditlog log logs'));

/** What the value of a type column, or the name of a section, says that rows are; null where it says nothing. */
export function rowKindOf(text: string): RowKind | null {
  const bare = bareName(text.length > 200 ? '' : text);
  if (SESSION_WORDS.has(bare) || bare.endsWith('sessions')) return 'session';
  if (bare.includes('runbook')) return 'runbook';
  if (/database|^db|sql|query|queries/.test(bare)) return 'database-audit';
  if (/command|^cmd|^exec/.test(bare)) return 'command';
  if (EVENT_WORDS.has(bare) || bare === 'audit' || bare === 'auditevent' || bare === 'auditevents') return 'event';
  if (/audit|^terminal/.test(bare)) return /session(?:s|records?)?$/.test(bare) ? 'session' : 'terminal-audit';
  return /session/.test(bare) && !/[._:-]/.test(text.trim()) && /sessions?$|sessionrecords?$/.test(bare) ? 'session' : null;
}
