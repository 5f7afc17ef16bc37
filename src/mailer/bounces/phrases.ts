import type { Cause } from './reading.ts';

/**
 * What servers write, in the languages that they write in. The first that fits counts: what is sure before what could
 * mean several things. All repeats are short, so that no text takes long.
 */
export const SURE: [Cause, RegExp][] = [
  [
    'throttled',
    /rate limit|at a rate that|too many (?:messages|connections|concurrent|errors|e-?mails)(?! (?:on|in) (?:the|your|his|this))|throttl|receiving mail too|unexpected volume|excessive volume|(?:sending|hourly|daily).{0,20}(?:limit|quota)/i,
  ],
  [
    'full',
    /(?:mailbox|mail ?box|mailfolder|inbox)(?:'s)? ?(?:storage )?(?:size|limit|allowed).{0,20}exceed|(?:mailbox|mailfolder).{0,20}exceed.{0,30}(?:allowed|local|size)|too many messages (?:on|in) (?:the|your|his|this)|zu ?viele mails auf|(?:mail )?box space not enough|mail(?:box|folder) is full/i,
  ],
  [
    'too_large',
    /(?:message|mail|nachricht|bericht|melding|attachment|e-mail).{0,20}(?:too (?:big|large)|zu gro(?:ß|ss)|te groot|for stor)|size (?:exceeds|limit)|exceed(?:s|ed).{0,30}(?:message|maximum) size|maximum (?:fixed |allowed )?(?:message )?size|message size/i,
  ],
  [
    'full',
    /(?:mailbox|mail ?box|inbox|maildir|folder|mail ?drop|account|user|recipient).{0,30}(?:\bfull\b|over (?:its |the |their )?(?:quota|limit|allocated)|exceed(?:s|ed) .{0,20}(?:quota|limit|storage)|out of (?:storage|space)|has no (?:space|room))|over ?-?quota|quota (?:is |has been )?(?:full|exceed)|exceed(?:s|ed|ing)? .{0,20}quota|(?:disk|storage|mail) quota|storage (?:limit|space|allocation)|\bquota (?:violation|reached|limit)|insufficient (?:system |disk )?(?:storage|space)|not enough (?:storage|disk|space)/i,
  ],
  [
    'full',
    /(?:postfach|posteingang|mailbox|speicherplatz|kontingent|quote).{0,40}(?:voll|überfüllt|erschöpft|überschritten)|(?:postvak|mailbox|postbus|inbox).{0,40}(?:\bvol\b|overschreden)|opslagruimte|(?:postboks|innboks|postkasse)\w{0,6}.{0,40}\bfull|lagringsplass|kvote|bo[îi]te.{0,60}(?:pleine|saturée)|buz[oó]n.{0,60}(?:llen|cuota)|casella.{0,60}piena|caixa.{0,60}cheia|skrzynka.{0,30}pe[łl]na|邮箱.{0,10}满|容量.{0,10}超|(?:一杯|いっぱい)の|メールボックス.{0,12}(?:一杯|いっぱい|満杯|超え)|переполнен|preplněn|přeplněn|(?:inkorg|postlåda|brevlåda|indbakke|postkasse).{0,30}(?:\bfull|fyldt)/iu,
  ],
  ['disabled', /(?:due to|because of|wegen|after) (?:long )?inactivity/i],
  ['greylisted', /gr[ae]y-?\s?list|postgrey/i],
  ['blocked', /due to spam|spam classification|classified as spam/i],
  [
    'restricted',
    /recipient preferences|not accepting mail with|(?:requires|awaiting|needs) (?:a |your |sender )?(?:confirmation|verification)|confirm this mail server/i,
  ],
  [
    'authentication',
    /\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated (?:e-?mail|mail|message)|sender authentication|not pass authentication|\bptr\b|reverse (?:dns|host ?name)|\brdns\b|cannot find your (?:reverse )?host ?name|invalid dns mx or a/i,
  ],
  [
    'blocked',
    /\bspam(?!assassin-report)|\bube\b|\buce\b|\burib?l\b|\bsurbl\b|message content (?:rejected|not accept)|content filter|block ?-?list|black ?-?list|deny ?-?list|\bdns-?b?ls?\b|\brbls?\b|\bdt:spm\b|\bip=[\d.:a-f]{3,39}|\((?:rly|hvu|con|dns|dyn|rtr|scn|evl):[a-z]\d{1,2}\)|spamhaus|spamcop|barracuda|sorbs|cloudmark|proofpoint.{0,20}block|blocked (?:by|using|because|due|for)|due to user complaints|(?:been|is|was|ist|wurde|er|ble|werd|is) (?:blocked|blockiert|geblokkeerd|blokkert)|reputation|unsolicited|bulk mail|phish|\bvirus|malware|suspicious|sperrliste|söppelpost|søppelpost|poor repu|banned/i,
  ],
];

export const ADDRESS: [Cause, RegExp][] = [
  [
    'restricted',
    /(?:don't|do not|does not|not) have permission|only accepts? (?:messages|mail|e-?mail) from|sender ?(?:is )?not ?(?:authenticated|authori[sz]ed|allowed)|restricted (?:access|recipient|to)|not allowed to send|authrequired|not accepting mail from|keine berechtigung|akzeptiert nur nachrichten von|geen toestemming|niet gemachtigd|accepteert alleen (?:berichten|e-mail) van|ikke (?:tillatelse|tilgang)|godtar bare (?:meldinger|e-post) fra/i,
  ],
  [
    'our_address',
    /sender (?:address )?(?:rejected|verify failed|unknown|domain)|domain of sender|(?:bad|invalid) sender|unknown sender|call(?:out|back) verification|sender address is not (?:allowed|accepted|permitted)/i,
  ],
  [
    'disabled',
    /(?:account|mailbox|mail ?box|user|address|recipient).{0,40}(?:disabled|inactive|deactivated|suspended|discontinued|closed|no longer|not active|not available anymore|terminated)|(?:disabled|inactive|suspended|deactivated|expired|frozen) (?:user|account|mailbox|recipient|address)|no longer (?:active|in use|valid|available|accept|on (?:this )?server)|not accepting (?:any )?(?:messages|mail)(?! from| with)|not collected after \d/i,
  ],
  [
    'disabled',
    /(?:konto|postfach|adresse|empfänger).{0,40}(?:deaktiviert|gesperrt|geschlossen|nicht mehr|stillgelegt|abgeschaltet|abgelaufen|gekündigt)|(?:account|adres|mailbox|postvak).{0,40}(?:gedeactiveerd|uitgeschakeld|opgeheven|opgezegd|niet (?:meer|langer))|(?:konto|adresse|postboks)\w{0,6}.{0,40}(?:deaktivert|sperret|avsluttet|ikke lenger|stengt)|compte.{0,30}(?:désactivé|suspendu)|cuenta.{0,30}(?:desactivada|suspendida|inhabilitada)|account.{0,30}(?:disattivat|sospes)/iu,
  ],
  [
    'no_such_address',
    /unknown (?:or illegal |or invalid )?(?:user|recipient|address|account|local|mailbox|alias|addressee)|no such (?:user|address|recipient|mailbox|mail ?box|person|account|id|local|name)|bad_?recipient|badrcptto|no (?:mail ?box|user|account|one|person) .{0,20}(?:available|by that name|of that name)|not an? (?:active|existing|valid) (?:address|user|account|mailbox|recipient)|not a valid .{0,20}(?:user|recipient)|(?:invalid|illegal|bad|nonexistent|non-existent|unrouteable|unroutable) (?:final |destination )?(?:recipient|mailbox|user|address|local|mail address)|addressee unknown|unknown address|no mailbox|not our customer|not a (?:valid|known|local) (?:user|mailbox|address|recipient|e-?mail)|isn't a known|no account|recipient ?not ?found|recipnotfound|couldn't be found|could not be found|wasn't found at|recipient cannot be verified|no valid recipient|user doesn't have|doesn't have an? .{0,30}account|there is no .{0,40}(?:by that name|with that name|here)|(?:directory|annuaire|rubrica|directorio)(?: de| di)? domino|domino (?:directory|ディレクトリ)|address lookup|mailbox (?:name not allowed|unavailable|not available|not found)|delivery to this address is not/i,
  ],
  [
    'no_such_address',
    /(?:users?|recipients?|address(?:es)?|mailbox|mail ?box|account|e-?mail|alias|login|userid).{0,60}(?:does ?n[o'’]t exist|does not exist|do(?:es)? not exist|not exist|is unknown|not found|unknown|is invalid|not (?:be )?(?:listed|recogni[sz]ed|valid|known)|undeliverable|isn't valid|non ?existent)/i,
  ],
  [
    'no_such_address',
    /(?:empf(?:ä|ae)nger|benutzer|adresse|adressat|postfach|mailbox|e-?mail-?konto|user).{0,60}(?:unbekannt|existiert (?:leider )?nicht|nicht gefunden|ungültig|nicht vorhanden|gibt es nicht|nicht bekannt)|wurde (?:in|bei|unter) \S{1,80} nicht gefunden|unbekannte[rn]? (?:empf|benutzer|adress|nutzer|an-adress)|kein(?:en?)? (?:solche[rsn]? |solchen )?(?:benutzer|empf|postfach|konto)|ungültige[rsn]? (?:adress|empf)/iu,
  ],
  [
    'no_such_address',
    /(?:gebruiker|ontvanger|geadresseerde|\w{0,8}adres|postvak|mailbox|account).{0,60}(?:onbekend|bestaat niet|niet bestaat|niet (?:worden )?gevonden|ongeldig)|(?:nicht im|niet in(?: de| het)?|ikke (?:oppført )?i) domino.{0,20}?(?:aufgeführt|aufgelistet|enthalten|verzeichnet|vermeld|gevonden|katalog|directory)|onbekende? (?:gebruiker|ontvanger|geadresseerde|aan-adres)|niet gevonden op \S{1,80}\.|ongeldig(?:e)? (?:adres|ontvanger)|geen (?:postvak|gebruiker)/iu,
  ],
  [
    'no_such_address',
    /(?:bruker|mottaker|adresse|postboks|postkasse|konto)\w{0,6}.{0,60}(?:ukjent|finnes ikke|eksisterer ikke|ikke funnet|ble ikke funnet|ikke finnes|ugyldig|fins ikke)|ukjent (?:bruker|mottaker|adresse|til-adresse)|ble ikke funnet på \S{1,80}\.|fant ikke|finner ikke|ingen (?:slik )?(?:bruker|mottaker|postboks)|(?:användare|mottagare|adress|modtager)\w{0,5}.{0,40}(?:okänd|finns inte|hittades inte|ukendt|findes ikke|(?:blev ikke|ikke blev) fundet)/iu,
  ],
  [
    'no_such_address',
    /(?:utilisateur|destinataire|adresse|bo[îi]te|compte).{0,60}(?:inconnu|inexistant|n.existe pas|introuvable|invalide)|(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta).{0,60}(?:desconocid|no existe|no encontrad|inválid|no se (?:ha )?enc)|(?:utente|destinatario|casella|indirizzo|account).{0,60}(?:sconosciut|non esist|inesistente|non trovat)|(?:usu[aá]rio|destinat[aá]rio|endereço|caixa).{0,60}(?:desconhecid|n[aã]o existe|n[aã]o encontrad|inv[aá]lid)|(?:no se (?:ha )?encontr|impossibile trovare|n[aã]o foi encontrad|nie (?:można znaleźć|znaleziono)|nepodařilo najít|gick inte att hitta|ikke fundet|finner ikke).{0,60}(?:direcci|indirizzo|endereço|adres|usuario|utente)|endereço.{0,60}encontrad|\b(?:e-?mail|mail|e-?post|sähköposti)\w{0,20}adres\w{0,6}.{0,60}(?:fundet|funnet)|sähköpostiosoitet?t?a? ei löydy|adres\w{0,4} se nepodařilo najít|не (?:существует|найден)|неизвестн|nie istnieje|nieznan|neexistuje|neznám|不存在|未找到|找不到|見つかりません|存在しません|リストに(?:あり|載ってい)ません|(?:リスト|登録)されていません|宛先不明|존재하지|찾을 수 없/iu,
  ],
  [
    'no_such_domain',
    /(?:host|domain|server) ?(?:name|or domain name)?.{0,30}(?:not found|does ?n[o']t exist|does not exist|unknown|couldn't be found|could not be found|is invalid)|unknown (?:mail )?(?:host|domain)|no such (?:host|domain)|any host named|nxdomain|name or service not known|no such domain|domain (?:name )?not (?:known|found|valid)|(?:no|without) (?:valid )?(?:mx|a)(?: or (?:mx|a))? record|name service error|null mx|domain .{0,60}(?:does not|doesn't) accept (?:e-?)?mail|(?:domain|domäne|domein|domene)\w{0,5}.{0,60}(?:appear to be registered|existiert nicht|nicht gefunden|unbekannt|bestaat niet|onbekend|finnes ikke|ukjent|niet gevonden)|(?:domaine|dominio|domínio).{0,60}(?:n.existe pas|introuvable|no existe|non esiste|n[aã]o existe)|mx records point to non-?existent|unable to (?:look ?up|resolve)|unrouteable|no route found to domain|no mx/iu,
  ],
];

export const REST: [Cause, RegExp][] = [
  ['blocked', /\bblocked\b/i],
  [
    'loop',
    /too many hops|mail (?:is )?loop|loops? back|hop count|routing loop|looping|mx record points to local host/i,
  ],
  [
    'encryption',
    /starttls|tls (?:is )?(?:required|negotiation)|encryption (?:needed|required)|must issue a starttls|certificate not (?:verified|trusted)/i,
  ],
  [
    'relay',
    /relay(?:ing)?.{0,30}(?:denied|not (?:permitted|allowed)|prohibited)|unable to relay|not (?:permitted|allowed) to relay|we do not relay|authentication (?:is )?required|list of allowed rcpthosts/i,
  ],
  [
    'expired',
    /(?:message|delivery|retry|queue|envelope).{0,30}(?:expired|time ?out exceeded|lifetime)|too long (?:in|on) .{0,12}queue|queue too long|retry time|for (?:more than |over )?\d{1,3} (?:hours|days)|gave up|giving up on|failed \d{1,3} attempts|aborted after \d|not collected after|within the allowed queue period|failing for a long time|(?:seit|nach|länger als) \d{1,3} (?:stunden|tagen)|(?:na|langer dan) \d{1,3} (?:uur|dagen)|(?:etter|i) \d{1,3} (?:timer|dager|døgn)/i,
  ],
  [
    'unreachable',
    /timed? ?out|connection (?:refused|reset|closed|dropped|lost|failed)|no route to host|network (?:is )?unreachable|(?:unable|failed) to connect|could ?n[o']t (?:connect|establish)|could not connect|lost connection|(?:host|server|domain).{0,20}(?:is )?(?:down|unreachable|unavailable|not (?:responding|available))|no answer from|nicht erreichbar|niet bereikbaar|ikke (?:nås|tilgjengelig)|temporary lookup failure/i,
  ],
  [
    'policy',
    /polic(?:y|ies)|access denied|not allowed|denied|prohibit|refused|rejected (?:by|for|due|because)|content (?:filter|reject)|(?:message|mail) (?:was |has been )?(?:rejected|rejet)|helo command|invalid helo|abgelehnt|abgewiesen|geweigerd|avvist|zurückgewiesen/i,
  ],
  [
    'server',
    /configuration (?:error|problem)|system (?:error|problem|failure)|internal (?:server )?error|local (?:error|problem)|service (?:is )?(?:currently |temporarily )?(?:not |un)available|i\/o error|resources? (?:temporarily|unavail)|temporar(?:y|ily)|try(?:ing)? again|vorübergehend|tijdelijk|midlertidig|später erneut|later opnieuw|senere/i,
  ],
];

/** The server is still trying: nothing has come back yet. */
export const DELAYED =
  /\((?:delay|verzögerung|vertraging)\)|delayed|has not yet been delivered|not been delivered yet|warning message only|still being retried|will continue to (?:try|be)|do not need to resend|delivery attempts will continue|attempts will be made to deliver|(?:has|have) been postponed|still trying|will be retried|delivery (?:is )?delayed|verzögert|wird weiter(?:hin)? versucht|noch nicht zugestellt|vertraagd|nog niet (?:bezorgd|afgeleverd)|forsinke[tld]|försenat|ennå ikke levert|noch nicht (?:zugestellt|übermittelt)|könnte noch nicht|message en attente|retardad/i;

/** Words with which a server says that it has given up for good. */
export const FOR_GOOD =
  /permanent(?:ly)? (?:fatal )?(?:error|fail)|failed permanently|fatal error|this is a permanent error|perm_failure|endgültig|dauerhaft|definitief|permanente? fout|permanent feil/i;

/** Notices of success that some servers send. */
export const ARRIVED =
  /successfully (?:delivered|relayed)|(?:was|has been) (?:delivered|relayed) to|erfolgreich zugestellt|(?:is|werd) (?:succesvol )?(?:bezorgd|afgeleverd)\b|ble levert|delivery status notification \((?:success|relay|expanded)/i;
