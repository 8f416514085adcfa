import type { RiskClass } from '../../policy/decision.ts';

/**
 * What verbs say by themselves; what they do to what is in `pairs.ts`. `open` verbs say nothing without an object.
 * Without accents, in their base form; forms of them are found by `lemma.ts`.
 */
export type Sense = RiskClass | 'open';

const WORDS: { readonly [sense in Exclude<Sense, 'unknown'>]: string } = {
  read: `
    fit regress presign await argue concat condense construe assert attest canonicalize collate disambiguate discuss guess interpolate interrogate inquire listen pinpoint quantify quiz receive reveal serialize
    surface tally study transpose illustrate paginate clarify simplify round blame
    hget hgetall hexists lrange llen smembers zrange xrange dbsize mget ttl
    return grab vectorize chunk sanitize present offer
    map exists introduce
    get list search find fetch read retrieve query show view describe check count lookup browse inspect explain
    compare diff analyze analyse validate verify summarize summarise examine explore monitor observe watch preview
    display return obtain gather aggregate calculate compute estimate evaluate forecast predict detect discover
    identify determine resolve convert parse extract filter sort rank rate score measure suggest recommend advise plan
    simulate dryrun whatif lint typecheck audit review assess classify categorize embed recognize transcribe translate
    render format encode decode hash decrypt detokenize download export dump print generate answer ask think reason
    reflect ponder brainstorm wait poll ping healthcheck health status whoami greet echo hello look see peek scrub
    trace tail head cat ls stat glob grep locate geocode recall report track traverse enumerate iterate provide access
    consult investigate diagnose troubleshoot debugging interpret introspect profile visualize visualise chart plot
    graph screenshot snapshot capture take ocr tokenize match contains exists has is are does can whether introduce
    guide help select choose sum subtract multiply divide solve integrate differentiate factor roll flip quote price
    know completion autocomplete hint define pick random sample backtest crosscheck correlate cluster segment project
    infer decompile disassemble symbolicate screen triage synthesize distill outline elaborate critique proofread
    paraphrase rephrase roundtrip perceive scout hunt whois dig nslookup traceroute geolocate diffuse contrast subset
    slice looks reading listing detail tell remain survey  judge grade retrieves narrate demonstrate
    introspection xref cite inventory itemize tabulate chat converse collect unwrap digest calc derive weigh normalize
    stringify prettify beautify minify pagerank differ`,
  write: `
    absorb accrue affix agree amplify apportion apprise arbitrate assimilate backdate backport censor chop circulate coalesce congratulate conserve
    convene corroborate countersign delimit denounce derank devote dilute disallow dislike dismount displace disqualify divert downsample earmark
    elect elevate emboss empower enact enclose enlist enrol entitle envelop equalize evolve expedite falsify fasten fortify foster furnish garnish
    graft incentivize inscribe insulate interleave lighten loosen mediate monetize offload outsource overrule overturn proclaim punish ratify
    reblog rebrand recruit rectify recycle reinforce renegotiate replenish resurrect retrofit revamp scramble splice stabilize straighten
    subdivide symlink thaw tidy tighten transplant unfriend unroll unstick untie unveil volunteer withhold
    equip unequip inline waive forgo comp file drip vest adapt adopt advertise anchor animate anonymize appoint assemble author award balance batch bill blend bounce bundle cache catalog certify chain
    clip colorize conclude consolidate construct contact contextualize contribute correct craft default defer deliver dispute distribute document emit
    engage enhance enlarge fold harden host implement instruct keep limit localize mask mock organize orient overlay pack package pair park
    partition pass paste pivot position preserve prioritize propagate propose prototype redirect refine relate restrict reverse revise secure
    separate shape sharpen silence smooth spread structure target tile touch treat unify unpack unwatch widen reclassify  reword
    hset lpush rpush sadd zadd xadd setex mset incr decr
    claim new reactivate reduce enter exchange uncheck begin end transform pull augment compose consume concatenate cut deselect dedupe dedup deduplicate
    enrich ensure exclude expose flatten include override persist queue reconcile reconnect reconfigure recreate regenerate relocate remap
    randomize route seal shorten strip substitute suppress throttle timeout kick warn give fulfill fulfil ship squash stitch
     reposition resync republish nominate notarize obfuscate redact  standardize  bring tint 
    punch clock wishlist  invert mix master  detune quantize sequence  credit   enforce
    alter
    transfer trash untrash initiate define import
    create add update set edit modify change insert upsert put patch write save store append prepend upload post
    publish send submit comment reply respond forward message email mail notify alert remind announce broadcast tweet
    retweet share invite assign unassign reassign tag untag label  rename move copy clone duplicate fork merge
    rebase commit push checkout branch stash stage unstage cherrypick archive unarchive enable disable activate
    deactivate configure setup initialize init register subscribe unsubscribe follow unfollow like unlike star unstar
    favorite unfavorite bookmark pin unpin mark flag unflag mute unmute block unblock ban unban promote demote approve
    accept decline dismiss acknowledge ack snooze reopen close complete finish finalize schedule reschedule book
    reserve log record note annotate highlight draft compose sign grant allow permit attach detach link unlink
    associate disassociate connect disconnect join leave bind unbind mount unmount import sync synchronize restore
    undelete recover undo redo revert rollforward replace rotate renew refresh extend increment decrement increase
    decrease adjust scale group ungroup arrange align reorder sortby split combine crop blur draw paint design sketch
    fillcells protect unprotect lock unlock hide unhide toggle switch transition advance escalate upvote downvote vote
    react rsvp checkin enroll unenroll onboard provision allocate deallocate declare establish form make produce
    persist remember memorize learn index reindex teach login logout authenticate auth authorize signup signin signout
    apply customize personalize style theme compress zip unzip decompress encrypt backup mirror replicate rewrite use
    freeze unfreeze hold quarantine isolate contain whitelist allowlist blacklist blocklist denylist tune optimize
    optimise expand shrink populate seed bulkload ingest  issue open raise lower request pickup release unassigned
    upvoted dm text sms fax convey nudge mention bump boost crosspost repost unpause deprecate feature endorse confirm
    scaffold remodel extrude bevel texture shift nest wrap indent reparent   modernize refactor rework
    fix repair heal amend stamp prime handoff exempt instantiate mutate mutation bulkwrite unpublish retain collapse
    place cordon uncordon taint admit discharge prescribe curate moderate`,
  execute: `
    accelerate ascend crouch decelerate defrost dehumidify descend douse evade exfil extinguish fling hack hijack hurl humidify illuminate
    immobilize incubate infect invade jolt juggle modulate overclock patrol preempt pursue quiesce rearm revive sideload simmer slay sneak stun
    tamper unplug wiggle wiretap zap
    teleport bisect slew aspirate pulse ramp disengage centrifuge pipette unpark recalibrate degauss hook hangup smelt redelegate fight honk hit ignite impersonate jump loop manipulate probe program prompt  shoot signal summon sweep swing throw zoom bypass exfiltrate
    escape walkto  practice chase pan tilt 
    shuffle maximize minimize input calibrate kickoff preheat quit remediate remix rewind talk transmit poke continue exit flash
     chatcomplete  walkthrough dispense inflate   pilot maneuver  relaunch 
    sleep
    conduct  navigate unpause
    run execute exec eval invoke trigger launch start stop restart reboot shutdown poweroff poweron power boot wake
    resume pause suspend hibernate halt deploy redeploy build rebuild compile recompile rollout rollback failover
    failback install reinstall upgrade downgrade bootstrap dispatch enqueue spawn spin fire replay rerun retry redrive
    requeue reprocess crawl scrape spider navigate goto visit click doubleclick dblclick rightclick tap press type
    hover scroll drag swipe pinch focus fill keypress keydown keyup sendkeys keyboard mouse gesture emulate reload
    inject attack exploit fuzz bruteforce crack pentest scan portscan nmap sniff intercept spoof deauth nuclei sqlmap
    hydra test stress benchmark train retrain finetune call curl wget proxy tunnel portforward  shell bash script
    debug step delegate orchestrate automate control  steer actuate operate play skip seek turn dim brighten
    speak say ring dial dock undock fly land takeoff arm disarm grip grasp walk  jog mill engrave print3d cook
    brew vacuum feed water irrigate research migrate respawn tick hydrate prefetch serve stream cast transcode warm
    cutover switchover rehydrate wakeup unload sandbox mine snipe interact act perform interrupt screencast resize go
    autofill upscale dictate vibrate beep blink defragment compact`,
  destructive: `
    annul banish confiscate deauthorize deface demolish depose disavow disown erode explode forfeit incinerate jettison neutralize nullify raze
    reimage relinquish renounce rescind sabotage seize sever smash surrender torch uproot usurp vacate vandalize vaporize veto wreck
    yank cull bury retract resign
    hdel srem zrem lpop rpop spop xdel
    offboard deny wipeout    flushdns 
    delete remove drop purge clear wipe erase destroy kill terminate cancel revoke flush reset truncate uninstall
    clean cleanup discard expunge unregister deregister decommission deprovision teardown empty prune evict abort
    expire invalidate overwrite trim pop forget void reject undeploy nuke obliterate shred annihilate dissolve dispose
    retire del rm rmdir unset disband dismantle deplete drain bulkdelete harddelete softdelete unprovision delist
    exterminate eliminate  zero sunset eject expel  evacuate flushall flushdb dropdb cancelall bin detonate`,
  financial: `
    barter encash foreclose hypothecate insure launder onramp offramp pawn pledge ransom remortgage repossess sublet subsidize unwind acquire gift procure deduct
    transact supply wire sponsor crowdfund outbid
    pay charge refund payout buy sell trade purchase stake unstake restake withdraw deposit swap bridge lend borrow
    repay redeem donate tip bet wager bid invest divest liquidate settle disburse reimburse remit fund topup recharge
    rent lease hire debit exercise rebalance hedge preorder order airdrop mint burn prepay overpay underwrite gamble
    chargeback escrow undelegate harvest bond unbond deleverage leverage withdrawal`,
  open: `
    manage administer maintain load prepare
    handle process do work operation  admin let tool deal`,
};

/** Of words that are nouns as well; in places where a noun fits they are taken for one. */
const NOUNS_TOO = `
  construct duplicate sleep hook pulse ramp
  batch bill bundle cache catalog chain clip contact contract document fight gift hit host jump limit loop mask mock pack package pair park partition pass paste pivot position practice probe program prompt prototype quiz round secure separate shape signal structure study surface swing target throw tile touch treat zoom escape pan tilt balance blame bounce default overlay receive dispute
  claim exchange end input queue pull cut credit clock sequence mix master exit supply wire flash route timeout seal pilot offer present offer return compose new
  eval
  leave drive ssh api trash transfer map load volume
  access act alert answer  archive arm ask attack audit auth backup ban benchmark bet bid bin block bond book
  bookmark boost boot branch bridge build bump burn buy cache calc call  capture cast cat change charge chart
  chat check checkout claim  clear click clone close cluster color comment commit compact  contact
  control cook copy crawl deal debit debug  deploy deposit design detail dial digest display dm dock downgrade
  download draft drag drain draw drop email empty escrow estimate exercise expire exploit export factor failover
  favorite fax feature feed file fill filter find fire fix flag flip focus follow forecast fork form format forward
  fund gesture go grant graph group guide handoff harvest hash head heal health hedge help hint hire hold home host
  hover import indent index interact interrupt inventory invite issue keyboard kick kill label land lease lend
  leverage like link list listing load lock log login logout mail map mark match measure mention merge message mine
  mint mirror monitor mouse move mutation mute nest note notice nudge  operation order outline patch payout pick
  pin place plan play plot pop post power press price prime print process profile project proxy purchase purge push
  query quote raise rank rate reading reboot rebuild record refresh refund reject release reload render rent repair
  replay reply report request rerun research reset resize restart resume retry return review ring roll rollback
  rollout run sample sandbox scan schedule score screen screenshot script scroll search segment set share shell shift
  sign signup sketch sms snapshot sort source spawn split stage stake stamp star start stash stat status step stop
  store stream style submit sum survey swap switch sync tag tail tap test text theme tip tool topup trace track trade
  train transfer transition trigger trim tunnel type update upgrade upload vacuum view void volume vote wait wake
  watch water withdrawal work wrap`;

const parsed = new Map<string, Sense>();
for (const sense of ['read', 'write', 'execute', 'destructive', 'financial', 'open'] as const)
  for (const word of WORDS[sense].trim().split(/\s+/)) parsed.set(word, sense);

/** Of those, what is first of all a thing: in front of another verb, or of a word that describes, it is one. */
const THINGS_FIRST = `
  construct duplicate sleep hook pulse ramp
  batch bill bundle cache catalog chain clip contact contract document fight gift hit host jump limit loop mask mock pack package pair park partition pass paste pivot position practice probe program prompt prototype quiz round secure separate shape signal structure study surface swing target throw tile touch treat zoom escape pan tilt balance blame bounce default overlay receive dispute
  exchange end input queue cut credit clock sequence mix master exit supply wire flash route timeout offer
  forward eval
  order run charge trade build release post commit log record schedule report test query comment label tag file note message email mail call
  invite vote review request change plan map backup snapshot screenshot print scan audit check trigger block branch pin place stake
  bridge deposit bid bet tip rent lease book share like link bookmark flag draft stash stage fork sign trace benchmark profile design draw
  sketch stream text sum price quote rate score rank estimate forecast guide status health index group grant lock host home project
  screen cluster segment factor graph chart plot issue feature style theme form stamp process work operation tool script shell mouse
  keyboard gesture attack exploit proxy tunnel water arm hash head answer access monitor survey cat stat alert star favorite purchase
  payout withdrawal escrow bond hedge vacuum sandbox volume outline digest inventory detail reading hint chat land deal exercise
  claim drive ssh api mutation login transition notice contact leave market transfer color power media view document stack cast play
  cache store source debug feed shift hold refund swap fund import export train tap fire`;

export const VERBS: ReadonlyMap<string, Sense> = parsed;
export const NOUN_TOO: ReadonlySet<string> = new Set(NOUNS_TOO.trim().split(/\s+/));
export const THING_FIRST: ReadonlySet<string> = new Set(THINGS_FIRST.trim().split(/\s+/));
