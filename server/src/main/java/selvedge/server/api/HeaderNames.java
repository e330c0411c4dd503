package selvedge.server.api;

/** Names of header fields. */
public final class HeaderNames {
  public static final String ACCEPT = "Accept";
  public static final String ACCEPT_ENCODING = "Accept-Encoding";
  public static final String AUTHORIZATION = "Authorization";
  public static final String CF_CACHE_STATUS = "CF-Cache-Status";
  public static final String CF_EXPIRATION = "CF-Expiration";
  public static final String CF_KV_METADATA = "CF-KV-Metadata";
  public static final String CF_KV_NAMESPACE_ID = "CF-KV-Namespace-Id";
  public static final String CACHE_CONTROL = "Cache-Control";
  public static final String CONTENT_LENGTH = "Content-Length";
  public static final String CONTENT_RANGE = "Content-Range";
  public static final String CONTENT_TYPE = "Content-Type";
  public static final String COOKIE = "Cookie";
  public static final String ETAG = "ETag";
  public static final String EXPECT = "Expect";
  public static final String HOST = "Host";
  public static final String IF_MATCH = "If-Match";
  public static final String IF_NONE_MATCH = "If-None-Match";
  public static final String IF_RANGE = "If-Range";
  public static final String LAST_EVENT_ID = "Last-Event-ID";
  public static final String RANGE = "Range";
  public static final String REFERER = "Referer";
  public static final String RETRY_AFTER = "Retry-After";
  public static final String VARY = "Vary";
  public static final String WWW_AUTHENTICATE = "WWW-Authenticate";
  public static final String X_AUTH_EMAIL = "X-Auth-Email";
  public static final String X_AUTH_KEY = "X-Auth-Key";
  public static final String X_AUTH_USER_SERVICE_KEY = "X-Auth-User-Service-Key";

  /** The age of an answer in milliseconds, or {@code unknown}. */
  public static final String SELVEDGE_AGE = "Selvedge-Age";

  /** The last version up to which the sender and this server have the same changes. */
  public static final String SELVEDGE_AGREED = "Selvedge-Agreed";

  /** The version that an answer is as of. */
  public static final String SELVEDGE_AS_OF = "Selvedge-As-Of";

  /** The version that an answer must contain. */
  public static final String SELVEDGE_AT_LEAST = "Selvedge-At-Least";

  /** The network address of the client whose request a server forwards. */
  public static final String SELVEDGE_CHAIN = "Selvedge-Chain";

  public static final String SELVEDGE_CLIENT = "Selvedge-Client";

  /** The cluster for which a request is meant. */
  public static final String SELVEDGE_CLUSTER = "Selvedge-Cluster";

  public static final String SELVEDGE_COMPLETE = "Selvedge-Complete";

  /** {@code strong} if the origin must answer. */
  public static final String SELVEDGE_CONSISTENCY = "Selvedge-Consistency";

  /** The epoch of the versions of a request or an answer. */
  public static final String SELVEDGE_EDGE_EPOCH = "Selvedge-Edge-Epoch";

  public static final String SELVEDGE_EPOCH = "Selvedge-Epoch";

  /** The code of an error, for protocols whose errors have no place for it. */
  public static final String SELVEDGE_ERROR = "Selvedge-Error";

  public static final String SELVEDGE_EXPIRES = "Selvedge-Expires";

  /** The token of the server that forwards a request and names its client. */
  public static final String SELVEDGE_FORWARDER = "Selvedge-Forwarder";

  /** The newest form that the sender of a request knows, or the form of an answer. */
  public static final String SELVEDGE_FORM = "Selvedge-Form";

  public static final String SELVEDGE_HEARTBEAT_SECONDS = "Selvedge-Heartbeat-Seconds";

  /** The maximum age of an answer in milliseconds. */
  public static final String SELVEDGE_MAX_AGE = "Selvedge-Max-Age";

  public static final String SELVEDGE_NAMESPACE = "Selvedge-Namespace";

  /** The newest opening of an edge, or of the server that answers it. */
  public static final String SELVEDGE_OPENING = "Selvedge-Opening";

  /**
   * The openings of a replica, in the order of the status and separated by commas; or the opening
   * of the newest change of another reader of the feed.
   */
  public static final String SELVEDGE_OPENINGS = "Selvedge-Openings";

  /** Of W3C Trace Context. */
  public static final String TRACEPARENT = "traceparent";

  /**
   * The time in milliseconds after which a client may repeat a refused request. It is finer than
   * {@code Retry-After}, after which clients with few retries would give up too early.
   */
  public static final String SELVEDGE_RETRY_MILLIS = "Selvedge-Retry-Millis";

  public static final String SELVEDGE_QUOTA_LEFT = "Selvedge-Quota-Left";
  public static final String SELVEDGE_VERSION = "Selvedge-Version";
  public static final String SELVEDGE_VISIBLE = "Selvedge-Visible";

  /** The voter that forwards a request. Another voter that does not lead forwards it no further. */
  public static final String SELVEDGE_VOTER = "Selvedge-Voter";

  /** The second at which an entry expires. */
  public static final String EXPIRATION = "expiration";

  private HeaderNames() {}
}
