package selvedge.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Every limit of a store or a server, with its unit and its value in each profile.
 *
 * <p>The names are the configuration keys: {@code KEY_BYTES} is set by {@code limits.key-bytes}.
 * The text of {@link #meaning()} describes each constant. A test compares the table in
 * docs/reference/limits.md with this file.
 */
@SuppressWarnings("doclint:missing") // The meaning of a constant is its text.
public enum Limit {
  KEY_BYTES("bytes", 512, 1, 2048, "a key, after percent-decoding; also a list prefix"),
  VALUE_BYTES("bytes", 26_214_400, 1, 1L << 31, "a value"),
  METADATA_BYTES("bytes", 1024, 0, 4096, "the metadata of an entry, as JSON text"),
  TITLE_CHARACTERS("characters", 512, 1, 512, "the title of a namespace"),
  PAGE_KEYS("keys", 1000, 1, 10_000, "one page of a key listing"),
  PAGE_NAMESPACES("namespaces", 1000, 1, 10_000, "one page of a namespace listing"),
  BULK_PAIRS("pairs", 10_000, 1, 1_000_000, "one bulk write, or the names in one bulk delete"),
  BULK_BYTES("bytes", 104_857_600, 1024, 1L << 31, "the body of one bulk request"),
  BULK_GET_KEYS("keys", 100, 1, 10_000, "one bulk get"),
  BULK_GET_BYTES("bytes", 26_214_400, 1024, 1L << 31, "the values of one bulk get, added up"),
  TTL_SECONDS_MIN(
      "seconds", 1, 60, 60, 1, 86_400, "the shortest time to live over REST and the binding"),
  NATIVE_TTL_SECONDS_MIN("seconds", 1, 1, 86_400, "the shortest time to live over the native API"),
  CACHE_TTL_SECONDS_MIN("seconds", 30, 0, 86_400, "the smallest cacheTtl that is accepted"),

  NAMESPACES_PER_ACCOUNT(
      "namespaces", 100_000, 1000, 1000, 1, 1_000_000, "the namespaces of one account"),
  READS_PER_DAY("reads", none(), 100_000, none(), 0, none(), "reads of one account in a UTC day"),
  WRITES_PER_DAY("writes", none(), 1000, none(), 0, none(), "writes of one account in a UTC day"),
  DELETES_PER_DAY("deletes", none(), 1000, none(), 0, none(), "deletes of an account in a UTC day"),
  LISTS_PER_DAY("lists", none(), 1000, none(), 0, none(), "listings of one account in a UTC day"),
  STORAGE_BYTES(
      "bytes", none(), 1_000_000_000, none(), 0, none(), "keys, values and metadata of an account"),
  KEY_WRITES_PER_SECOND("writes", none(), 1, 1, 1, none(), "writes to one key in a second"),

  FEEDS("feeds", 1000, 0, 100_000, "concurrent readers of the feed; another one gets 503"),
  HISTORIES(
      "histories", 4, 0, 1000, "concurrent scans for the history of a key; another one gets 503"),
  FEED_PAGE_CHANGES("changes", 256, 1, 10_000, "changes in memory for one reader of the feed"),
  HEARTBEAT_SECONDS("seconds", 5, 1, 60, "time between two heartbeats of a feed"),
  PULSE_MILLIS("milliseconds", 500, 10, 60_000, "time between two position requests of an edge"),
  EDGE_WAIT_MILLIS(
      "milliseconds",
      1000,
      0,
      60_000,
      "time that an edge waits for a version before it asks its origin"),
  REVOCATION_BOUND_SECONDS(
      "seconds",
      none(),
      1,
      none(),
      "time that an edge accepts tokens without contact to its origin; then 503"),
  CANARY_SECONDS(
      "seconds", 5, 1, 3600, "time between two changes by which edges measure propagation"),
  TOKENS("tokens", 10_000, 1, 1_000_000, "tokens that exist at the same time"),
  SESSION_SECONDS(
      "seconds", 43_200, 60, 2_592_000, "time that a browser stays signed in to the console"),
  AUDIT_RECORDS("records", 10_000, 1, 1_000_000, "administrative acts that the audit keeps"),
  CONNECTIONS("connections", 10_000, 1, 1_000_000, "open connections; another one gets 503"),
  REQUESTS_IN_FLIGHT("requests", 512, 1, 100_000, "requests in flight; another one gets 503"),
  COUNT_KEYS("keys", 10_000_000, 1, none(), "keys that one count reads, including expired ones"),
  SPOOL_BYTES(
      "bytes", 4L << 30, 1 << 20, none(), "complete bodies and answers in files, all together"),
  OPERATOR_REQUESTS(
      "requests",
      16,
      1,
      1000,
      "requests of operators and probes in flight, in addition to all others"),
  BODY_HEAP_PERCENT(
      "percent", 25, 5, 60, "part of the heap for bodies and values in transit, all together"),
  BODY_HEAP_WAIT_SECONDS(
      "seconds", 10, 0, 600, "time that a request waits for such memory; then 503"),
  REQUEST_LINE_BYTES("bytes", 16_384, 1024, 1 << 20, "method, target and protocol of a request"),
  HEADER_BYTES("bytes", 16_384, 1024, 1 << 20, "all headers of a request"),
  JSON_BODY_BYTES(
      "bytes", 1_048_576, 1024, 1L << 31, "the JSON body of a request that is not bulk"),
  HEADER_SECONDS("seconds", 10, 1, 3600, "time for the headers of a request, from its first byte"),
  BODY_SECONDS("seconds", 30, 1, 3600, "time between two pieces of a request body"),
  BODY_BYTES_PER_SECOND_MIN(
      "bytes", 1024, 0, 1 << 20, "least mean rate of a body per second, after body-seconds"),
  RESPONSE_SECONDS("seconds", 30, 1, 3600, "time for a client to read the next piece of an answer"),
  SLOW_REQUEST_MILLIS(
      "milliseconds", 5000, 1, none(), "time after which a request is logged as slow"),
  IDLE_SECONDS("seconds", 75, 1, 86_400, "time that a connection may be idle"),
  DRAIN_SECONDS("seconds", 20, 0, 3600, "time for requests in flight to finish after SIGTERM"),
  DRAIN_NOTICE_SECONDS(
      "seconds",
      5,
      0,
      600,
      "time between the first 503 of /readyz and the end of new requests, if a probe asks"),
  BULK_REQUESTS("requests", 2, 1, 1000, "concurrent bulk requests; others wait"),

  INLINE_BYTES("bytes", 65_536, 0, 1 << 20, "a value stored with its key; a larger one is chunked"),
  CHUNK_BYTES("bytes", 262_144, 4096, 1 << 22, "one chunk of a large value"),
  QUEUE_WRITES(
      "writes", 8192, 1, 1_000_000, "writes in the queue of the writer; another one gets 503"),
  BATCH_CHANGES(
      "changes",
      1024,
      1,
      100_000,
      "changes, and writes without a change, in one sync; a single write may have more"),
  BATCH_BYTES(
      "bytes", 4_194_304, 1024, 1 << 28, "inline values in one sync; a single write may have more"),
  HOT_BYTES("bytes", 67_108_864, 0, none(), "hot entries in memory"),
  HOT_PAGES_BYTES("bytes", 16_777_216, 0, none(), "pages of listings in memory"),
  BLOCK_CACHE_BYTES(
      "bytes",
      100_663_296,
      1 << 20,
      none(),
      "blocks, index and filters of RocksDB in memory; with many keys, a tenth of the data"),
  CACHED_BYTES("bytes", 67_108_864, 0, none(), "copies of namespaces that an edge only caches"),
  SUMMARY_RANGES(
      "ranges",
      65_536,
      16,
      10_000_000,
      "ranges of about a thousand keys whose exact counts are in memory, for all namespaces"),
  FEED_SECONDS(
      "seconds", 86_400, 60, none(), "how far back the feed reaches, if feed-bytes allows it"),
  FEED_BYTES(
      "bytes",
      1_073_741_824,
      1 << 20,
      none(),
      "the feed on disk, with the large values that it needs"),
  VOTER_LOG_BYTES(
      "bytes",
      4_294_967_296L,
      1 << 16,
      none(),
      "the log of a voter; a voter that lacks what is older loads the store of the leader"),
  VOTER_LOG_ENTRIES(
      "entries",
      100_000,
      10_000,
      10_000_000,
      "the same, in entries, each of which takes memory; an entry has one or more changes"),
  REPLACED_SECONDS_MIN(
      "seconds", 60, 1, 3600, "time that a replaced large value stays readable; 5 on a full disk"),
  SWEEP_SECONDS("seconds", 10, 1, 3600, "time between two sweeps of expired entries"),
  SWEEP_ENTRIES("entries", 250, 1, 100_000, "expired entries removed in one commit"),
  EXPIRY_GRACE_SECONDS(
      "seconds", 3600, 0, 604_800, "time from the expiry of an entry until its space is freed"),
  CLOCK_GAP_SECONDS(
      "seconds",
      604_800,
      60,
      none(),
      "time from when the clock was last trusted to a start; after a longer gap an operator must"
          + " confirm the clock"),
  UPKEEP_ROWS("rows", 4096, 16, 1_000_000, "rows that one piece of upkeep reads or deletes"),
  UPKEEP_BYTES("bytes", 67_108_864, 1024, none(), "values that one piece of upkeep frees"),
  DISK_RESERVE_BYTES(
      "bytes", 134_217_728, 0, none(), "free disk below which puts are answered 507"),
  UNSEEN_STORES(
      "stores",
      3,
      0,
      1000,
      "stores that an edge keeps because they have changes that its origin lacks"),
  ANALYTICS_BYTES(
      "bytes",
      268_435_456,
      0,
      none(),
      "the numbers of operations of the last 31 days on disk; 0 keeps none"),
  METRIC_NAMESPACES(
      "namespaces",
      100,
      0,
      10_000,
      "namespaces with metrics of their own: the busiest; the others share one series"),
  BACKUPS("backups", 32, 0, 100_000, "backups in backup-dir; another one is refused");

  /** They size parts of a program when it starts. */
  private static final Set<Limit> AT_START =
      EnumSet.of(
          VALUE_BYTES,
          PAGE_NAMESPACES,
          CACHE_TTL_SECONDS_MIN,
          STORAGE_BYTES,
          KEY_WRITES_PER_SECOND,
          FEEDS,
          HISTORIES,
          HEARTBEAT_SECONDS,
          PULSE_MILLIS,
          EDGE_WAIT_MILLIS,
          REVOCATION_BOUND_SECONDS,
          CANARY_SECONDS,
          SESSION_SECONDS,
          AUDIT_RECORDS,
          CONNECTIONS,
          REQUESTS_IN_FLIGHT,
          SPOOL_BYTES,
          OPERATOR_REQUESTS,
          BODY_HEAP_PERCENT,
          JSON_BODY_BYTES,
          BODY_BYTES_PER_SECOND_MIN,
          SLOW_REQUEST_MILLIS,
          ANALYTICS_BYTES,
          BULK_REQUESTS,
          INLINE_BYTES,
          CHUNK_BYTES,
          HOT_BYTES,
          HOT_PAGES_BYTES,
          BLOCK_CACHE_BYTES,
          CACHED_BYTES,
          SUMMARY_RANGES,
          REPLACED_SECONDS_MIN,
          CLOCK_GAP_SECONDS,
          UPKEEP_ROWS,
          UPKEEP_BYTES,
          DISK_RESERVE_BYTES);

  private final String unit;
  private final long open;
  private final long free;
  private final long paid;
  private final long least;
  private final long most;
  private final String meaning;

  Limit(String unit, long value, long least, long most, String meaning) {
    this(unit, value, value, value, least, most, meaning);
  }

  Limit(String unit, long open, long free, long paid, long least, long most, String meaning) {
    this.unit = unit;
    this.open = open;
    this.free = free;
    this.paid = paid;
    this.least = least;
    this.most = most;
    this.meaning = meaning;
  }

  /**
   * Returns the value that stands for no limit.
   *
   * @return {@link Long#MAX_VALUE}
   */
  public static long none() {
    return Long.MAX_VALUE;
  }

  /**
   * Returns the name in configuration and documentation, such as {@code key-bytes}.
   *
   * @return the name
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns whether a limit is the same at all servers of a cluster, because clients see it. Edges
   * take it from their origin.
   *
   * @return whether the origin sets it for all
   */
  public boolean isShared() {
    return compareTo(KEY_WRITES_PER_SECOND) <= 0;
  }

  /**
   * Returns whether a change needs a restart, because the limit sizes a part of the program when it
   * starts. Every other limit applies from the change on.
   *
   * @return whether the value is read at the start only
   */
  public boolean isFixedAtStart() {
    return AT_START.contains(this);
  }

  /**
   * Returns the unit of the value.
   *
   * @return a plural noun, such as {@code bytes}
   */
  public String unit() {
    return unit;
  }

  /**
   * Returns what the limit bounds.
   *
   * @return a phrase for documentation
   */
  public String meaning() {
    return meaning;
  }

  /**
   * Returns the smallest value that an operator may set.
   *
   * @return the smallest value
   */
  public long least() {
    return least;
  }

  /**
   * Returns the largest value that an operator may set.
   *
   * @return {@link #none()} if any number is allowed
   */
  public long most() {
    return most;
  }

  /**
   * Returns the value in a profile.
   *
   * @param profile the profile
   * @return the value, {@link #none()} for no limit
   */
  public long in(Profile profile) {
    return switch (profile) {
      case OPEN -> open;
      case WORKERS_FREE -> free;
      case WORKERS_PAID -> paid;
    };
  }

  /** Returns the value if an operator may set it. */
  long require(long value) {
    if (value < least || value > most) {
      throw new InvalidRequestException(
          most == none()
              ? "limit %s must be at least %d %s, got %d".formatted(id(), least, unit, value)
              : "limit %s must be from %d to %d %s, got %d"
                  .formatted(id(), least, most, unit, value));
    }
    return value;
  }
}
