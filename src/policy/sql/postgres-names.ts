/**
 * Functions of `pg_catalog` that compute from their arguments, the clock and the session's own user, locale and time zone
 * alone: no file, no table, no setting, no state, no waiting, and no text that is run as SQL. Only names that every
 * supported version has: where a server lacks a name, somebody's own function may bear it.
 */
export const PURE_FUNCTIONS: ReadonlySet<string> = words(
  // numbers
  `abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees
  div exp factorial floor gcd lcm ln log log10 min_scale mod pi pow power radians round scale sign sin sind sinh
  sqrt tan tand tanh trim_scale trunc width_bucket`,
  // texts and bytes
  `ascii bit_count bit_length btrim char_length character_length chr concat concat_ws convert_from convert_to
  decode encode format get_bit get_byte initcap is_normalized left length like_escape lower lpad ltrim md5
  normalize octet_length overlay parse_ident pg_collation_for pg_size_bytes pg_size_pretty position quote_ident
  quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
  regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right rpad rtrim set_bit set_byte
  sha224 sha256 sha384 sha512 similar_escape similar_to_escape split_part starts_with string_to_array string_to_table
  strpos substr substring to_ascii to_char to_hex to_number translate unistr upper
  `,
  // times
  `age date date_bin date_part date_trunc extract isfinite justify_days justify_hours
  justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp
  timezone to_date to_timestamp transaction_timestamp`,
  // arrays, ranges, enumerations, networks, shapes
  `array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions
  array_prepend array_remove array_replace array_to_string array_upper cardinality
  generate_series generate_subscripts trim_array unnest num_nonnulls num_nulls pg_typeof
  int4range int8range numrange daterange tsrange tstzrange int4multirange int8multirange nummultirange datemultirange
  tsmultirange tstzmultirange multirange isempty lower_inc lower_inf upper_inc upper_inf range_merge
  enum_first enum_last enum_range
  abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network set_masklen
  area center diagonal diameter height isclosed isopen npoints radius slope width`,
  // JSON
  `array_to_json json_array_elements json_array_elements_text json_array_length json_build_array json_build_object
  json_each json_each_text json_extract_path json_extract_path_text json_object json_object_keys json_populate_record
  json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
  jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists
  jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
  jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
  jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
  jsonb_typeof row_to_json to_json to_jsonb`,
  // searching texts
  `array_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight strip to_tsquery to_tsvector ts_delete
  ts_filter ts_headline ts_rank ts_rank_cd tsquery_phrase tsvector_to_array websearch_to_tsquery`,
  // aggregates and windows
  `array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg
  json_object_agg jsonb_agg
  jsonb_object_agg max
  min mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept
  regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance
  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`,
  // who and where the session is, as the SQL words current_user and current_catalog say it too
  'current_database current_schema',
);

/** Types of `pg_catalog` whose input reads nothing but the text. The `reg…` types look names up, `xml` reads entities. */
export const PURE_TYPES: ReadonlySet<string> = words(
  `bool int2 int4 int8 float4 float8 numeric money text varchar bpchar char name oid bytea bit varbit uuid
  date time timetz timestamp timestamptz interval json jsonb jsonpath inet cidr macaddr macaddr8
  point line lseg box path polygon circle tsvector tsquery int4range int8range numrange daterange tsrange tstzrange
  int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange`,
);

/** Operators of `pg_catalog`, none of which is volatile, and the words that stand in the place of one. */
export const PURE_OPERATORS: ReadonlySet<string> = words(
  `!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@
  <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`,
);
export const OPERATOR_WORDS: ReadonlySet<string> = new Set([
  'BETWEEN',
  'NOT BETWEEN',
  'BETWEEN SYMMETRIC',
  'NOT BETWEEN SYMMETRIC',
]);

/** Columns of functions that name what they return; every other function on these lists is a column of its alias's name. */
export const OUTPUT_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['json_each', ['key', 'value']],
  ['json_each_text', ['key', 'value']],
  ['jsonb_each', ['key', 'value']],
  ['jsonb_each_text', ['key', 'value']],
  ['json_array_elements', ['value']],
  ['json_array_elements_text', ['value']],
  ['jsonb_array_elements', ['value']],
  ['jsonb_array_elements_text', ['value']],
]);

function words(...texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.join(' ').split(/\s+/));
}
