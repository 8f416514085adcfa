import { verbOf } from './lemma.ts';

/**
 * Words of other languages, turned into English ones before anything is read: the grammar of a tool's name and of a first sentence is
 * the same in all of them. Stems, where a language conjugates; whole words, where it does not.
 */
const STEMS: { readonly [english: string]: string } = {
  delete:
    'elimin borra borrar borre suprim loscht loschen losche losch loschung suprimir suprime supprim supprime efface effacer apagar apaga apague exclu delet удал cancella elimina rimuov usuń usun verwijder usuwa usunac skasuj sil siler silme hapus menghapus xoa slett radera poista smaz vymaz torol',
  remove: 'quitar quita remover remove remueve entfern enlev retir rimuov убра убир',
  cancel:
    'bricht abbrech abbrechen abbruch cancelar cancela cancele annuler annule annullare annulla anular anula stornier storno kundig отмен anulo anuluj iptal batalkan avbryt zrus',
  revoke: 'revocar revoca revog widerruf revoqu отозв отзыва',
  clear: 'vaciar vacia limpiar limpia leeren leert vider vide svuota limpar очист очища',
  reset: 'restablecer restablece zurucksetz reinitialis redefin reimposta сброс сбрас',
  terminate: 'terminar beende beendet заверш encerra',
  overwrite: 'sobrescrib uberschreib ecras ecraser sovrascriv sobrescrev перезапис',
  destroy: 'destruir destruye zerstor detrui distrugg уничтож',
  kill: 'matar mata',
  pay: 'pagar paga pague bezahlen bezahl bezahlt zahlen zahlt payer paie paye оплат заплат betaal zaplac ode_ bayar betala',
  refund: 'reembols ruckerstatt erstatt rembours rimbors возвра',
  transfer:
    'transferir transfiere transfere uberweis transferer transfert trasferi перевод перевес переве przelew przelej transfiere',
  buy: 'comprar compra kaufen kauft kaufe kauf kopen achet acheter acquista купи покупа koop kup satin_ beli kop_',
  sell: 'vender vende verkauf vendre vend продать прода verkoop',
  charge: 'cobrar cobra belaste factur_ debiter addebit',
  withdraw: 'retirar abheben abheb retrait prelev снять сним',
  invest: 'invertir invierte investier investir инвест',
  execute: 'ejecut ausfuhr fuhrt execut_ esegu executar выполн uitvoer voer',
  perform: 'realizar realiza realice effectuer effectue effettua durchfuhren efetuar efetua',
  run: 'correr lancer_ avvia запуст запуска uruchom calistir jalankan kor_',
  start:
    'iniciar inicia starte startet demarr lancer lance avviar запуск ligar liga encender enciende allumer allume einschalten schaltet accendi accendere acende acender включ включи включает wlacz',
  stop: 'detener detiene parar stoppt stoppe arreter arrete ferma останов desligar desliga apaga_ eteindre eteint ausschalten spegni spegnere выключ wylacz',
  restart: 'reiniciar reinicia neustart redemarr riavvia перезапу',
  deploy: 'desplegar despliega bereitstell deploi implantar развер',
  install: 'instalar instala installier installer installe установ',
  create:
    'crear crea creare crie criar cria legt erstell erzeug anleg creer creez создат созда crei maak aanmak utworz tworzy olustur olusturur buat skapa vytvorit gerar gera emitir emite cadastrar cadastra',
  add: 'anadir anade agregar agrega hinzufug fugt ajouter ajoute ajout aggiungi aggiungere aggiung adicion добав toevoeg',
  update: 'actualiz atualiz aktualisier mettre_ aggiorn обнов bijwerk guncelle perbarui uppdatera aktualizuj',
  edit: 'editar edita bearbeit modificar modifica modifi editer измен redaktier',
  change: 'cambiar cambia ander andert changer mudar muda',
  send: 'enviar envia envie senden sendet sende verschick envoyer envoie envoi envoy invia inviar отправ stuur verzend wyslij wysyla gonder gonderir kirim mengirim gui skicka odeslat poslat',
  save: 'guardar guarda speicher enregistr salvar salva сохран opslaan',
  upload: 'subir sube hochlad televers caricar загруз',
  import: 'importar importa importier importer importe импорт',
  publish: 'publicar publica veroffentlich publier publie pubblic опублик',
  rename: 'renombrar renombra umbenenn renommer renomme rinomin переимен',
  move: 'mover mueve verschieb verschieben deplac spost перемест перемещ',
  copy: 'copiar copia kopier copier copie скопир',
  set: 'establecer establece setze setzt definir definit impost установи',
  write: 'escribir escribe schreib ecrire ecrit scrivi escrever запис',
  approve: 'aprobar aprueba genehmig approuv approva одобр',
  reserve: 'reservar reserva reservier reserver prenota заброн',
  get: 'obtener obtiene obten abrufen abruf ruft holt holen obtenir obtient recuper obter obtem ottien получ получа pobierz pobiera getir ambil dapatkan hamta ziskat',
  list: 'listar lista auflist listet lister liste elenc перечис listele daftar seznam',
  show: 'mostrar muestra anzeigen anzeig zeigen zeigt zeige afficher affich mostra показ показыва toon goster tampilkan pokaz wyswietl',
  search:
    'buscar busca suchen sucht suche busque rechercher recherch cercar cerca найт поиск ищет искать zoek szukaj wyszukaj arar cari hledat pesquisa pesquisar procura',
  read: 'leer leo lee lesen liest lire lit legge leggi ler le_ прочит чита',
  return: 'devolver devuelve gibt renvoi retourn restituisc retorna возвращ',
  check:
    'comprobar comprueba verificar verifica pruf prueft verifier verifie проверя провер controleer sprawdz kontrol_ periksa confere conferir',
  query: 'consultar consulta abfrag fragt interroger interrog consult запрос',
  count: 'contar zahlt compter подсчит',
  download: 'descargar descarga herunterlad telecharg scarica скачат скачив',
  translate: 'traducir traduce ubersetz traduire traduit перевести_',
  calculate: 'calcular calcula berechn calculer calcule вычисл рассчит',
  compare: 'comparar compara vergleich comparer compare_ сравн',
  analyze: 'analizar analiza analysier analyser анализ',
  file: 'archivo archivos datei dateien fichier fichiers arquivo arquivos файл файлы файла bestand',
  record: 'datensatz registro enregistrement registros запись',
  payment: 'pago pagos zahlung paiement pagamento платеж платежа betaling',
  order: 'pedido pedidos bestellung auftrag commande ordine заказ заказа orden ordre',
  user: 'usuario usuarios benutzer utilisateur utente usuario пользователь пользователя',
  message: 'mensaje nachricht nachrichten messaggio mensagem сообщение',
  account: 'cuenta cuentas konto compte conto conta счет счёт',
  money: 'dinero fondos fonds fondi fundos geld argent denaro dinheiro деньги',
  database: 'base_ datenbank banco_',
  code: 'codigo quellcode',
  the: 'el la los las un una unos der die das den dem ein eine einen einer le les une des lo gli il um uma os as o todos alle alles tous toutes tutte tutti todas',
  of: 'de del von vom du della di do da dos des',
  for: 'para fur pour per_ para',
  from: 'desde aus depuis',
  in: 'en im dans nel no_',
  and: 'y und et e_ ed и',
  or: 'oder ou',
  lock: 'trancar tranca cerrar_ verriegel verrouill',
  unlock: 'destrancar destranca destravar destrava desbloquea entriegel deverrouill',
  open: 'abrir abre ouvrir ouvre offnen offnet apri aprire откр otworz',
  close: 'cerrar cierra fechar fecha schliessen schliesst fermer chiudi закр',
  light: 'luz luces luzes licht lumiere luce свет lampara lampada lampe',
  door: 'puerta porta portas tur_ porte дверь',
  not: 'no nicht kein keine ne pas non nao не',
  without: 'sin ohne sans senza sem без',
};

/** Longer ones first, so that what is longer is found. Chinese, Japanese, Korean. */
const SIGNS: { readonly [english: string]: string } = {
  delete: '删除 刪除 移除 清除 清空 抹除 消去 削除 削除する 消す 삭제 제거',
  deleted: '已删除 已刪除 削除された 削除済み 삭제된',
  cancelled: '已取消 取消された 취소된',
  cancel: '取消 撤销 撤单 撤銷 キャンセル 取り消 取消し 취소',
  revoke: '吊销 收回 取り消す 失効',
  terminate: '终止 結束 结束 終了 종료',
  reset: '重置 重設 リセット 초기화',
  overwrite: '覆盖 覆寫 上書き 덮어쓰',
  uninstall: '卸载 アンインストール',
  pay: '支付 付款 支払 支払い 결제 지불',
  refund: '退款 返金 환불',
  transfer_funds: '转账 轉帳 划转 送金 振込 송금 이체',
  buy: '购买 购入 買入 买入 購入 구매 매수',
  sell: '卖出 出售 賣出 売却 판매 매도',
  place_order: '下单 下訂單 发单 注文する 発注 주문하 提交订单 提交訂單',
  withdraw: '提现 提币 出金 출금',
  deposit: '充值 入金 입금',
  stake: '质押 ステーキング',
  execute: '执行 執行 运行 運行 実行 실행',
  start: '启动 啟動 开始 開始 起動 시작',
  stop: '停止 停用 정지 중지',
  restart: '重启 重新启动 再起動 재시작',
  deploy: '部署 デプロイ 배포',
  install: '安装 安裝 インストール 설치',
  click: '点击 點擊 クリック 클릭',
  navigate: '导航 打开网页',
  create: '创建 建立 新建 新增 生成新 作成 生成する 생성 만들',
  add: '添加 加入 追加 추가 新加 登録 登记',
  update: '更新 修改 编辑 編輯 変更 編集 업데이트 수정 변경',
  set: '设置 設置 设定 設定 설정',
  send: '发送 發送 送信 보내 전송',
  upload: '上传 上傳 アップロード 업로드',
  save: '保存 储存 저장',
  publish: '发布 發布 発行 公開 게시',
  import: '导入 匯入 インポート 가져오기',
  move: '移动 移動 이동',
  copy: '复制 複製 コピー 복사',
  rename: '重命名 名前を変更',
  write: '写入 寫入 書き込 쓰기',
  get: '获取 取得 获得 得到 返回 返す 가져옵 반환 조회 拉取 查看 获得 調べ',
  list: '列出 一覧 列表 목록',
  search: '搜索 搜尋 查找 查询 查詢 検索 探す 검색 检索 檢索 搜一搜',
  show: '显示 顯示 表示 查看 보여 표시',
  read: '读取 讀取 読み取 読み込 読む 읽',
  check: '检查 檢查 检测 確認 验证 驗證 확인',
  analyze: '分析 분석',
  calculate: '计算 計算 계산',
  download: '下载 下載 ダウンロード 다운로드',
  compare: '比较 比較 비교',
  count: '统计 統計',
  file: '文件 檔案 ファイル 파일',
  payment: '支払情報',
  order: '订单 訂單 注文 주문',
  record: '记录 紀錄 記録 기록',
  user: '用户 用戶 ユーザー 사용자',
  message: '消息 訊息 メッセージ 메시지',
  code: '代码 代碼 コード 코드',
  command: '命令 コマンド 명령',
  not_done:
    '不会删除 不删除 不会修改 不修改 削除しない 削除しません 変更しません 変更しない 삭제하지 変更せず 削除せず',
  turn: '打开设备 关闭设备 打开灯 关灯 开灯 つける 消灯 点灯 켜기 켭니다 끕니다',
  open: '打开 開く 열기 엽니다',
  close: '关闭 關閉 閉じる 닫',
  control: '控制 操控 操作 操縦 制御 제어',
  device: '设备 設備 デバイス 기기 장치 机器人',
  scrape: '爬取 抓取 采集 スクレイピング',
  rollback: '回滚 回滾 ロールバック 롤백',
  translate: '翻译 翻譯 翻訳 번역',
  print: '打印 列印 印刷 인쇄',
  screenshot: '截图 截屏 スクリーンショット 스크린샷',
  generate_image: '生成图片 生成图像 文生图 画像生成 画像を生成 이미지 생성',
  generate_video: '生成视频 动画を生成 動画生成',
  generate: '生成 產生',
  submit: '提交 提出 제출',
  reply: '回复 回覆 返信 답장',
  recommend: '推荐 推薦 おすすめ 추천',
  parse: '解析 파싱',
  convert: '转换 轉換 変換 변환',
  summarize: '总结 摘要 要約 요약',
  login: '登录 登入 ログイン 로그인',
  page: '页面 頁面 网页 ページ 페이지',
  press: '按下 长按 押す',
  input: '输入 輸入 入力する 입력',
  save_locally: '下载到本地 保存到本地',
  reserve: '预订 預訂 预约 予約 예약',
  and: '并 和 或 及び および または 및 또는',
};

const IS_LATIN = /^[a-z]/;
const FOREIGN: readonly (readonly [string, string])[] = entriesOf(STEMS);
const WHOLE: ReadonlyMap<string, string> = new Map(FOREIGN);
const BY_START: ReadonlyMap<string, readonly (readonly [string, string])[]> = byStart(
  FOREIGN.filter(([stem]) => stem.length >= (IS_LATIN.test(stem) ? 6 : 4)),
);
const CJK: ReadonlyMap<string, readonly (readonly [string, string])[]> = byFirst(entriesOf(SIGNS));

function entriesOf(table: { readonly [english: string]: string }): readonly (readonly [string, string])[] {
  return Object.entries(table).flatMap(([english, words]) =>
    words
      .split(' ')
      .filter((word) => word !== '' && !word.endsWith('_'))
      .map((word) => [word.normalize('NFC'), english] as const),
  );
}

function byStart(
  entries: readonly (readonly [string, string])[],
): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  return grouped(entries, 3);
}

function byFirst(
  entries: readonly (readonly [string, string])[],
): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  return grouped(entries, 1);
}

/** By their first letters, the longest first. */
function grouped(
  entries: readonly (readonly [string, string])[],
  letters: number,
): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const groups = new Map<string, (readonly [string, string])[]>();
  for (const entry of entries) {
    const key = entry[0].slice(0, letters);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  for (const group of groups.values()) group.sort(([one], [other]) => other.length - one.length);
  return groups;
}

const IS_CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const IS_VERB_LAST = /[\u3040-\u30ff\uac00-\ud7af]/;

/** The English word for a word of another language; undefined where it is none that is known. */
function englishOf(word: string): string | undefined {
  // `Cancellation policy` is English, whatever it looks like.
  if (word.endsWith('ation') || verbOf(word)?.form === 'ed') return undefined;
  const found = WHOLE.get(word) ?? BY_START.get(word.slice(0, 3))?.find(([stem]) => word.startsWith(stem))?.[1];
  if (found !== undefined) return found;
  // `loeschen` is how `löschen` is written without its dots.
  const bare = word.replace(/([aou])e/, '$1');
  return bare === word ? undefined : WHOLE.get(bare);
}

/** Whether a text is of another language: by its signs, or by the first words. */
export function isForeign(tokens: readonly string[]): boolean {
  if (tokens.some((token) => NOT_LATIN.test(token))) return true;
  const [first = '', second = ''] = tokens.filter((token) => token !== '"');
  return (
    englishOf(first) !== undefined || (englishOf(second) !== undefined && SHORT_WORDS.has(englishOf(second) ?? ''))
  );
}

const NOT_LATIN = /[\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const SHORT_WORDS: ReadonlySet<string> = new Set(['the', 'of', 'for', 'from', 'and']);

/**
 * The words of a text in English where they are of another language. Chinese has no blanks and begins with the verb; Japanese and
 * Korean end with it. What is not known stays as it is, or is left out where words cannot be told apart.
 */
export function inEnglish(tokens: readonly string[]): readonly string[] {
  if (tokens.some((token) => IS_CJK.test(token))) return ofSigns(tokens);
  const words = tokens.map((token) => englishOf(token) ?? token);
  // `Setzt das Passwort zurück`.
  return tokens.includes('zuruck') ? words.map((word) => (word === 'set' ? 'reset' : word)) : words;
}

function ofSigns(tokens: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (const token of tokens) {
    if (!IS_CJK.test(token)) {
      // Strokes and brackets stand between things there.
      if (!/^[/()[\]]$/.test(token)) words.push(token);
      continue;
    }
    for (let at = 0; at < token.length; ) {
      const found = CJK.get(token.charAt(at))?.find(([sign]) => token.startsWith(sign, at));
      if (found !== undefined) words.push(...found[1].split('_'));
      at += found?.[0].length ?? 1;
    }
  }
  return IS_VERB_LAST.test(tokens.join('')) ? words.reverse() : words;
}
