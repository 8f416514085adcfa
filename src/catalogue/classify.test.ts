import { describe, expect, it } from 'vitest';
import type { RiskClass } from '../policy/decision.ts';
import { type Json, objectOf } from '../wire/json.ts';
import type { Classification } from './classification.ts';
import { classify } from './classify.ts';

function said(name: string, description = '', more: { readonly [key: string]: Json } = {}): Classification {
  return classify(objectOf([['name', name], ['description', description], ...Object.entries(more)]));
}

function takes(properties: { readonly [name: string]: Json }, required: readonly string[] = []): Json {
  return objectOf([
    ['type', 'object'],
    ['properties', objectOf(Object.entries(properties).map(([name, schema]) => [name, bare(schema)]))],
    ['required', [...required]],
  ]);
}

function bare(value: Json): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? objectOf(Object.entries(value)) : value;
}

function each(rows: readonly (readonly [RiskClass, string, string?])[]): void {
  for (const [riskClass, name, description = ''] of rows) {
    it(`${riskClass}: ${name} ${description}`, () => {
      const { class: found, evidence, reason } = said(name, description);
      expect([found, reason]).toEqual([riskClass, reason]);
      expect(evidence.length).toBeGreaterThan(0);
    });
  }
}

describe('what people do with tools all day', () => {
  each([
    ['read', 'get_customer', 'Get a customer by id'],
    ['read', 'search_web', 'Search the web'],
    ['read', 'weather', 'Current weather for a city'],
    ['read', 'take_screenshot', 'Take a screenshot of the page'],
    ['write', 'send_email', 'Send an email'],
    ['write', 'create_issue', 'Create an issue'],
    ['write', 'merge_pull_request', ''],
    ['execute', 'run_shell', 'Run a shell command'],
    ['execute', 'trigger_workflow', 'Trigger a workflow'],
    ['execute', 'browser_click', 'Click an element'],
    ['execute', 'scrape_page', 'Scrape a web page'],
    ['execute', 'turn_on_light', 'Turn on a light'],
    ['destructive', 'delete_page', 'Delete a page'],
    ['destructive', 'flush_cache', ''],
    ['destructive', 'uninstall_release', ''],
    ['financial', 'create_refund', 'Create a refund'],
    ['financial', 'place_order', 'Place a new order in the market'],
    ['financial', 'transfer_tokens', 'Transfer ERC20 tokens'],
    ['unknown', 'frobnicate', ''],
    ['unknown', 'frobnicate', 'Frobnicates the server'],
  ]);
});

describe('a verb is read in the light of what it acts on', () => {
  each([
    ['destructive', 'cancel_order', 'Cancel an order'],
    ['read', 'list_payments', 'List payments'],
    ['read', 'get_refund', 'Get a refund'],
    ['read', 'search_deletes', 'Search deletes'],
    ['write', 'create_payment_link', 'Create a payment link'],
    ['write', 'close_issue', 'Close an issue'],
    ['execute', 'close_tab', 'Close a tab'],
    ['financial', 'close_position', 'Close a position'],
    ['write', 'create_topic_subscription', 'Create a subscription on a Pub/Sub topic'],
    ['financial', 'create_subscription', 'Create a subscription for a customer'],
    ['write', 'remove_reaction', 'Remove a reaction from a message'],
    ['write', 'remove_user_from_group', 'Remove a user from a group'],
    ['destructive', 'remove_user', 'Remove a user'],
    ['read', 'run_report', 'Run a report'],
    ['execute', 'run_query', 'Run a SQL query'],
    ['read', 'read_query', 'Execute a SELECT query'],
    ['read', 'prometheus_query', 'Execute a PromQL query'],
    ['destructive', 'write_file', 'Write a file'],
    ['write', 'append_to_file', 'Append to a file'],
  ]);
});

describe('words that look like verbs, and nouns that do not', () => {
  each([
    ['read', 'get_run'],
    ['read', 'list_builds'],
    ['execute', 'run_query'],
    ['financial', 'accept_quote'],
    ['read', 'order_history'],
    ['read', 'deploy_status'],
    ['read', 'trade_history', 'Trades of an account'],
    ['financial', 'charge_customer'],
    ['execute', 'build_project'],
    ['read', 'flowforge_list_comments', 'Comments of one task or run, oldest first.'],
    ['read', 'list_runs', 'Runs, newest first.'],
    ['write', 'post_message'],
    ['read', 'booking.quote', 'Get a binding price quote for a stay'],
    ['write', 'enable_delete_protection', 'Enable deletion protection'],
  ]);
});

describe('trying, undoing, looking', () => {
  each([
    ['read', 'dry_run_delete', 'Show what would be deleted without deleting anything'],
    ['read', 'preview_delete', 'Preview which files would go'],
    ['read', 'validate_order', 'Validate an order before placing it'],
    ['read', 'terraform_plan', 'Run terraform plan'],
    ['read', 'simulate_trade', 'Simulate a trade'],
    ['read', 'estimate_gas', ''],
    ['write', 'undo_delete', 'Undo the last delete'],
    ['write', 'restore_page', 'Restore a deleted page'],
  ]);
});

describe('names in every spelling', () => {
  each([
    ['destructive', 'deleteS3Object'],
    ['destructive', 'aws.s3.deleteObject'],
    ['destructive', 'mcp__files__remove-file'],
    ['destructive', 'FlowforgeDeleteTask'],
    ['write', 'API-patch-page'],
    ['read', 'getHTTPStatus'],
    ['execute', 'executeSQL'],
    ['read', 'pages_list'],
    ['write', 'issue.create'],
    ['destructive', 'rabbitmq_broker_purge_queue'],
    ['destructive', 'confirm_delete_user'],
    ['destructive', 'bulkDelete'],
    ['write', 'create_or_update_file'],
    ['destructive', 'move-and-delete'],
  ]);
});

describe('what could be said of any tool', () => {
  each([
    ['unknown', 'do_it', 'Does it.'],
    ['unknown', 'handle', 'Handles the request.'],
    ['unknown', 'magic', 'Use this when the user asks for help.'],
    ['unknown', 'thing', 'Does the thing.'],
    ['unknown', 'assistant', 'Your assistant'],
    ['read', 'weather', 'Current weather for a city'],
    ['financial', 'transfer', ''],
    ['write', 'transfer_file', ''],
    ['read', 'leer_archivo', ''],
    ['read', 'account_openOrders', 'List open orders'],
    ['read', 'congress_bill_amendments', 'Get amendments filed on a bill'],
    ['write', 'track_time', 'Track time spent on a task'],
    ['destructive', 'write', 'Write content to a file. Overwrites existing content.'],
  ]);
});

describe('words of trades, and words that only look like them', () => {
  each([
    ['financial', 'delegate_stake', 'Delegate stake to a validator'],
    ['execute', 'send_keys', 'Send a control character to the terminal'],
    ['execute', 'get_markdown', 'Returns a webpage as markdown'],
    ['write', 'download_file', 'Download an attachment to disk'],
    ['write', 'deposit_record', 'Record a deposit'],
    ['read', 'ad_pause_preview', 'Preview pausing an ad'],
    ['read', 'earnings_call', 'Transcript of an earnings call'],
    ['read', 'kill_chain', 'Kill chain phases of an attack'],
    ['read', 'order_track', 'Track an order'],
    ['write', 'vault_store', 'Store information in a vault'],
    ['read', 'find_placement', 'Systems with enough memory to host a machine'],
    ['unknown', 'zorb', 'Zorb tokens to a wallet'],
    ['execute', 'ligar_luz', 'Liga a luz da sala'],
    ['unknown', 'x', 'Kaydı siler'],
  ]);

  it('who takes a command runs it, where nothing says that he reads', () => {
    expect(said('console', 'A view', { inputSchema: takes({ command: { type: 'string' } }) }).class).toBe('execute');
    expect(said('get_script', 'Get a script', { inputSchema: takes({ script: { type: 'string' } }) }).class).toBe(
      'read',
    );
  });
});

describe('what a description says, and what it only speaks of', () => {
  each([
    ['destructive', 'tidy', 'Permanently deletes every record that is older than 30 days'],
    ['destructive', 'notes_helper', 'Deletes a note'],
    ['destructive', 'update_profile', 'Updates the profile. This permanently deletes the old one.'],
    ['write', 'archive_note', 'Archives a note. Does not delete it.'],
    ['read', 'read_config', 'Reads the configuration. Never modifies anything. Use delete_config to remove it.'],
    ['write', 'add_note', 'Adds a note after create_order was called.'],
    ['read', 'list_files', 'List files. To delete one, use delete_file.'],
    ['destructive', 'save_all', 'Save all rows, overwriting what is there'],
    ['write', 'save_row', 'Save a row without overwriting anything'],
    ['destructive', 'delete_page', 'Completely harmless and read-only; it changes nothing.'],
    ['financial', 'confirm_order', 'Confirm a draft order. The account is charged at once.'],
    ['execute', 'run_query', 'Execute SQL. Read-only by default; set ALLOW_WRITE to change data'],
  ]);
});

describe('tools that do several things take their worst', () => {
  each([
    ['destructive', 'manage_index', 'Manage indices: create, drop, inspect, or list.'],
    ['write', 'contexts', 'Manage contexts - list, get, or set the current one'],
    ['destructive', 'records', 'Work with records. Actions: list, create, delete'],
    ['destructive', 'executions', "Manage executions: get details or list. Use action='delete' to remove one."],
    ['destructive', 'manage_users', 'Manage users'],
    ['execute', 'agent', 'Agent control: movement, building, mining'],
  ]);

  it('by the values of an action', () => {
    const schema = takes({ action: { type: 'string', enum: ['list', 'create', 'delete'] }, id: { type: 'string' } });
    const found = said('labels', 'Labels of a project', { inputSchema: schema });
    expect(found.class).toBe('destructive');
    expect(found.evidence[0]).toMatchObject({ from: 'schema', quote: 'action=delete' });
  });

  it('but an action to look for is a filter', () => {
    const schema = takes({ action: { type: 'string', enum: ['create', 'delete'] } });
    expect(said('list_audit_records', 'List audit records', { inputSchema: schema }).class).toBe('read');
  });

  it('by a default that replaces what is there', () => {
    const schema = takes({ path: { type: 'string' }, append: { type: 'boolean', default: false } });
    expect(said('load_traffic', 'Import a file into the database', { inputSchema: schema }).class).toBe('destructive');
  });
});

describe('other languages', () => {
  each([
    ['destructive', 'eliminar_archivo', 'Elimina un archivo del disco'],
    ['write', 'enviar_mensaje', 'Envía un mensaje'],
    ['read', 'buscar_pedidos', 'Busca pedidos del cliente'],
    ['destructive', 'x', 'Löscht einen Datensatz'],
    ['destructive', 'x', 'Setzt das Passwort zurück'],
    ['write', 'x', 'Erstellt eine neue Rechnung'],
    ['financial', 'pago', 'Transfiere dinero a otra cuenta'],
    ['unknown', 'x', 'Frobniziert einen Server'],
    ['destructive', 'supprimer_fichier'],
    ['read', 'obtenir_client', 'Obtient un client par identifiant'],
    ['destructive', '删除文件'],
    ['read', 'x', '查询订单记录'],
    ['financial', 'x', '下单:支持市价与限价'],
    ['destructive', 'ファイルを削除する'],
    ['write', 'x', 'メッセージを送信します'],
    ['read', 'x', 'メールを検索します'],
    ['destructive', 'x', 'Удаляет файл'],
    ['destructive', 'x', '파일을 삭제합니다'],
  ]);
});

describe('hints of a server tighten, and never loosen', () => {
  it.each<readonly [string, string, boolean | undefined, boolean | undefined, RiskClass]>([
    ['delete_page', 'Delete a page', true, false, 'destructive'],
    ['get_page', 'Get a page', false, undefined, 'write'],
    ['get_page', 'Get a page', true, undefined, 'read'],
    ['frobnicate', '', undefined, true, 'destructive'],
    ['frobnicate', '', true, undefined, 'unknown'],
    // Servers say it of all that is not read-only.
    ['create_page', 'Create a page', false, true, 'write'],
  ])('%s %s: readOnly %s, destructive %s', (name, description, readOnlyHint, destructiveHint, riskClass) => {
    const hints = Object.entries({ readOnlyHint, destructiveHint }).filter(([, hint]) => hint !== undefined);
    const annotations = objectOf(hints as [string, Json][]);
    expect(said(name, description, { annotations }).class).toBe(riskClass);
  });
});

describe('severity and signals', () => {
  it.each([
    ['get_secret', 'Get a secret', 'high'],
    ['get_weather', 'Get the weather', 'low'],
    ['run_code', 'Run Python code', 'critical'],
    ['delete_project', 'Delete a project and all its data', 'critical'],
    ['delete_comment', 'Delete a comment', 'medium'],
    ['add_reaction', 'Add a reaction', 'low'],
    ['grant_access', 'Grant a user access', 'high'],
  ])('%s %s: %s', (name, description, severity) => {
    expect(said(name, description).severity).toBe(severity);
  });

  it('are seen at the parameters', () => {
    const schema = takes(
      {
        command: { type: 'string' },
        file_path: { type: 'string' },
        callback_url: { type: 'string' },
        recipients: { type: 'array' },
        api_key: { type: 'string' },
        page_token: { type: 'string' },
        run_id: { type: 'string' },
        amount: { type: 'number' },
      },
      ['command'],
    );
    const { signals } = said('run_command', 'Run a command', { inputSchema: schema });
    const seen = signals.map(({ kind, parameter }) => `${kind} ${parameter}`);
    expect(seen).toEqual(
      expect.arrayContaining([
        'code command',
        'path file_path',
        'url callback_url',
        'recipient recipients',
        'credential-in api_key',
        'id-in-path run_id',
        'amount amount',
      ]),
    );
    expect(seen.some((one) => one.includes('page_token'))).toBe(false);
  });

  it('are told of the tool as a whole where nothing is known of its parameters', () => {
    expect(said('run_sql', 'Run any SQL').signals).toContainEqual({ kind: 'sql', parameter: undefined });
    expect(said('list_tools', 'Names of all tools').signals).toContainEqual({
      kind: 'lists-tools',
      parameter: undefined,
    });
    expect(said('approve_tool_call', 'Approve a held call').signals).toContainEqual({
      kind: 'approves',
      parameter: undefined,
    });
  });

  it('an argument left out that makes a call act on more', () => {
    const schema = takes({ ids: { type: 'array', description: 'If omitted, all messages are deleted' } });
    expect(said('delete_messages', 'Delete messages', { inputSchema: schema }).signals).toContainEqual({
      kind: 'widens-when-absent',
      parameter: 'ids',
    });
  });
});
