/** What verbs act on, by kinds; words in the singular, without accents. A word may be of several kinds. */
const KINDS = {
  /** Moving it is moving money. */
  money: `
    pix payment refund payout transfer charge settlement withdrawal deposit purchase trade swap bet wager donation tip remittance
    disbursement stake redemption reimbursement loan money cash fund eth ether btc bitcoin sol solana lamport satoshi sat usdc usdt
    stablecoin coin crypto cryptocurrency dollar euro gift tips airdrop chargeback preorder bid microloan salary payroll wage bounty
    royalty dividend escrow bribe ransom nft ordinal xrp matic doge dogecoin ltc litecoin dai weth wei lovelace ada tron trx`,
  /** Contracts that are held. */
  position: 'position stock share option future perpetual perp etf bond equity security forex futures margin holding',
  /** An order to a broker or a shop. */
  order: 'order',
  /** What is bought by a word, and paid. */
  wares: `
    flight hotel room ride taxi cab car ticket seat pizza food meal item product grocery good domain package plan subscription membership
    upgrade number phone label shipment shipping postage insurance policy license licence credit trip delivery cart basket gift`,
  transaction: 'transaction tx txn userop useroperation psbt',
  subscription: 'subscription',
  /** What runs as soon as it is made. */
  running: `
    deployment run execution crawl scan pcap redeployment rollout benchmark deploy build infrastructure fuzzing
    stack rebuild pentest exploit payload invocation batchjob extraction`,
  pipeline: 'pipeline',
  /** What can be started, stopped and set going. */
  machine: `
    instance vm machine server host node cluster container service process daemon computer droplet device proxy tunnel sandbox emulator
    simulator vps dyno workload pod app application database db system os kernel agent bot worker broker warehouse endpoint
    notebook kernel environment env box workstation desktop laptop gateway router engine compute web minikube docker compose domain guest
    lxc virtualmachine replica nodepool vmss hypervisor`,
  job: `
    job workflow pipeline task flow run build execution function lambda script automation scenario zap action playbook runbook campaign
    experiment suite test tests dag macro recipe query crawl scan trace recording capture training migration process routine scene
    trigger sequence journey procedure step machine program session profiler stream simulation backfill cron graph agent team swarm crew
    actor spider extraction import sync operation command`,
  code: `
    code script command shell bash sql python javascript js typescript php ruby lua groovy powershell perl cmd terminal cli snippet expression
    cypher statement mutation applescript jxa osascript notebook cell repl kubectl docker npm exe binary program macro vba eval sparql
    gremlin aql mdx dax graphql commands subprocess applescript wasm java rust golang matlab r julia sqlplus psql dml ddl plsql bytecode`,
  database: `
    sql database db mysql postgres postgresql pg snowflake bigquery clickhouse athena redshift duckdb sqlite mssql sqlserver oracle mariadb trino
    presto databricks cockroachdb timescaledb influxdb questdb neo4j hive spark vertica teradata synapse supabase tsql graphdb`,
  /** Query languages and stores that cannot change anything by a query. */
  readable: `
    log logs metric metrics insights loki logql promql prometheus traceql tempo kql spl nrql lucene esql trace traces kusto index docs
    documentation knowledge history analytics report ga4 dataset catalog catalogue rag vector vectors embeddings search opensearch
    elasticsearch observability grafana cloudwatch splunk datasource wikidata monitoring timeseries soql soqls usage schema metadata`,
  url: 'url uri webpage website site web page html http link sitemap webpages urls websites links internet href',
  /** What a browser or a screen shows, and what is done there. */
  screen: `
    page tab browser window element button dialog popup keyboard key mouse cursor url link form field input dropdown checkbox screen app
    text option viewport touch click tap swipe gesture scroll coordinate desktop menu alert selector frame modal widget keystroke hotkey shortcut
    webpage website site hover drag textbox combobox slider focus clipboard finger activity`,
  device: `
    light lamp bulb thermostat temperature hvac ac fan cover blind curtain shade door lock garage gate valve switch plug outlet vacuum camera
    robot arm motor servo gripper drone tv television speaker volume brightness device appliance music song playback playlist track media
    climate humidifier heater oven siren alarm sprinkler mower power led relay gpio pin pwm actuator vehicle car charger scene player
    humidity wled lcd display printer projector boiler pump radio joint pose waypoint throttle wheel amp`,
  /** What is taken from a list and can simply be put there again. */
  light: `
    reaction emoji label tag assignee member watcher follower star like bookmark favorite favourite pin upvote vote collaborator participant
    attendee reviewer role alias header highlight mark flag mute filterview blocker association attachmentlink relation relationship link follow
    subscriber admin protection restriction formatting guest recipient mapping cc owner moderator annotation`,
  /** Lists in which things stand that live elsewhere. */
  list: `
    group team list folder playlist watchlist board cart collection favorites favourites favorite sprint epic wishlist allowlist whitelist
    blocklist blacklist denylist portfolio label album segment audience campaign role channel project issue queue chat room conversation
    backlog library bookmark bookmarks stack shelf rotation roster organization workspace cluster space basket set`,
  secret: `
    secret credential password token key apikey keypair certificate cert passphrase privatekey mnemonic cookie env environment envvar connectionstring
    kubeconfig seed wallet otp totp passkey sshkey pat vault config_secret`,
  file: 'file files',
  media:
    'image picture video music song audio speech voice voiceover model mesh avatar animation clip sound podcast movie photo artwork sfx lipsync 3d logo wallpaper',
  person: 'user account member contact person customer employee tenant organization org organisation',
  /** Things that merely describe: a noun phrase that ends in one of them reads. */
  facts: `
    supplychain killchain attacksurface attackpath technique callgraph fillrate burnrate burndown openinterest shortinterest clearsky
    pressrelease dropoff signals sellwall buywall releasenotes actionitems station danger quality orderflow controlflow dataflow
    drivetime killswitch trades level exercises buybox drawdown
    validation verification levels carts queues duplicates candidate candidates samples stages transcripts picks odds tiers opportunities eligibility readiness
    policy policies terms
    volume miner supply reserve reserves payload parameters params alerts issue_list readings fixture vulnerability vulnerabilities
    history status state list detail details info information log logs summary count counts stats statistic statistics metric metrics result
    results report reports type types id ids name names url schema data overview book balance balances price prices rate rates quote quotes
    ticker candles ohlc ohlcv chart version versions health availability forecast weather documentation docs doc help guide tree view
    definition definitions snapshot snapshots feed timeline activity activities insight insights analysis analytics score scores ranking rankings
    usage limit limits permission_list trend trends comparison breakdown distribution profile bio lookup search finder explorer viewer inspector analyzer
    checker validator calculator estimator converter diff preview dryrun screenshot options categories category countries languages
    events_list ping healthcheck whoami me self time date datetime clock timezone location address directions distance elevation geocode
    recommendation recommendations suggestion suggestions examples example news headlines articles quota fee fees cost costs capabilities
    diagnostics diagnosis root progress attributes metadata manifest_info spec specs specification specifications fields columns tables rows
    records entries values constants dictionary glossary thesaurus top hot trending popular latest recent leaderboard standings fixtures
    scoreboard listing listings changelog outline depth orderbook holdings positions portfolio earnings dividends financials fundamentals
    context contents content text transcript lyrics subtitles captions stories story unreads replies discussions best practices`,
  /** Those who follow a topic, not those who pay. */
  pubsub:
    'topic pubsub webhook event notification rss feed graphql sns channel message mqtt push calendar alert newsletter websocket azure servicebus change',
  trading: `
    market stock crypto trading broker exchange symbol ticker buy sell share etf option future spot perp margin leverage position equity forex
    tradingsymbol qty notional timeinforce holding portfolio alpaca binance coinbase kraken bybit okx hyperliquid zerodha kite ibkr dex
    futures cryptocurrency bid ask asset quantity limitprice pending gtt bracket oco stoploss swap long short strategy`,
  shop: 'cart basket order shop store payment purchase checkout',
  money_words: `
    money payment amount wallet crypto token eth sol btc usdc usdt fund currency bank balance blockchain chain onchain erc20 recipient coin
    address solana ethereum bitcoin lamport lightning invoice stripe paypal dollar usd eur payout`,
} as const;

export type Kind = keyof typeof KINDS;

const NONE: ReadonlySet<Kind> = new Set();

const KINDS_OF: ReadonlyMap<string, ReadonlySet<Kind>> = (() => {
  const found = new Map<string, Set<Kind>>();
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (const word of KINDS[kind].trim().split(/\s+/)) found.set(word, (found.get(word) ?? new Set()).add(kind));
  }
  return found;
})();

/** What kinds a word is of, as it stands. */
export function kindsOf(word: string): ReadonlySet<Kind> {
  return KINDS_OF.get(word) ?? NONE;
}

export function isKind(word: string, kind: Kind): boolean {
  return kindsOf(word).has(kind) || kindsOf(singular(word)).has(kind);
}

/** What many of them are called, turned into one. */
export function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || ENDS_SO.has(word) || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return /(?:ches|shes|xes|sses|zzes)$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

const ENDS_SO: ReadonlySet<string> = new Set(
  'alias canvas atlas bias kubernetes series news lens https always perhaps redis sales details species means chaos postgres'.split(
    ' ',
  ),
);
