package selvedge.server.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import selvedge.engine.edge.Selection;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.files.FileFailures;
import selvedge.engine.replication.ClusterId;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.server.entrance.EntranceRules;

/**
 * The settings of a server, parsed once at the start.
 *
 * <p>A text setting without a value is empty.
 *
 * @param backups the directory of backups; empty for {@code backups} in the data directory
 * @param cached the namespaces that an edge caches instead of replicating them
 * @param authorities the file with the authorities that outgoing TLS connections trust
 * @param peerAuthorities the file with the authorities of the certificates of servers that follow
 *     this one
 * @param peers the certificate names of servers that may follow this one
 * @param peerCertificate the file with the certificate that this server presents to its origin
 * @param clientCertificates whether every client must present a certificate
 * @param encryption the master keys of the store
 * @param running the limits, which change while the server runs
 * @param telemetry where traces and metrics are sent
 * @param voting the settings of a voter
 */
public record Config(
    String host,
    int port,
    Path data,
    String origin,
    String originToken,
    String location,
    String clusterId,
    boolean newCluster,
    String backups,
    Set<NamespaceId> cached,
    String account,
    Profile profile,
    RunningLimits running,
    String rootToken,
    String tlsCertificate,
    String tlsKey,
    String authorities,
    String peerAuthorities,
    Set<String> peers,
    String peerCertificate,
    String peerKey,
    boolean clientCertificates,
    MasterKeys encryption,
    String transport,
    int loops,
    EntranceRules entrance,
    Logging logging,
    Telemetry telemetry,
    Voting voting) {

  private static final String LIMITS = "limits.";
  private static final String ENVIRONMENT = "SELVEDGE_";
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");

  /**
   * The variables that Kubernetes sets in the pods beside a Service whose name begins with {@code
   * selvedge}.
   */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile(
          "SELVEDGE_(.+_)?(SERVICE_(HOST|PORT(_.+)?)=.*|PORT=(tcp|udp|sctp)://.*"
              + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=.*)");

  private static final Pattern LOCATION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int PORT_MAX = 65_535;

  public Config {
    if (port < 0 || port > PORT_MAX) {
      throw new InvalidRequestException("listen must have a port up to " + PORT_MAX);
    }
  }

  /** Returns the limits, whose values follow every change. */
  public Limits limits() {
    return running.view();
  }

  /** Returns whether this server is a voter. */
  public boolean isVoter() {
    return voting.isVoter();
  }

  /**
   * Reads a file of lines {@code key = value}. A comment begins with {@code #} at the start of a
   * line or after a space.
   */
  public static List<Setting> file(Path file) {
    List<Setting> settings = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = withoutComment(line);
      if (!text.isEmpty()) {
        int equals = text.indexOf('=');
        String source = "line " + number + " of " + file;
        if (equals < 0) {
          throw new InvalidRequestException(
              source + " must have the form key = value, got \"" + text + "\"");
        }
        settings.add(
            new Setting(
                text.substring(0, equals).strip(), text.substring(equals + 1).strip(), source));
      }
    }
    return settings;
  }

  private static String withoutComment(String line) {
    return COMMENT.matcher(line).replaceFirst("").strip();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new InvalidRequestException("cannot read " + file + ": " + FileFailures.reason(e));
    }
  }

  /** Reads variables such as {@code SELVEDGE_ROOT_TOKEN} and {@code SELVEDGE_LIMITS_KEY_BYTES}. */
  public static List<Setting> environment(Map<String, String> variables) {
    List<Setting> settings = new ArrayList<>();
    variables.forEach(
        (name, value) -> {
          if (isSetting(name, value)) {
            String words = name.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT);
            String key =
                words.startsWith("limits_")
                    ? LIMITS + words.substring("limits_".length()).replace('_', '-')
                    : words.replace('_', '-');
            settings.add(new Setting(key, value, name));
          }
        });
    codespace(variables, settings);
    return settings;
  }

  private static boolean isSetting(String variable, String value) {
    List<String> others =
        List.of(
            "SELVEDGE_JAVA_OPTS",
            "SELVEDGE_CLASS_PATH",
            "SELVEDGE_TOKEN",
            "SELVEDGE_URL",
            "SELVEDGE_CLIENT_CERT",
            "SELVEDGE_CLIENT_KEY");
    return variable.startsWith(ENVIRONMENT)
        && !others.contains(variable)
        && !OF_KUBERNETES.matcher(variable + "=" + value).matches();
  }

  /**
   * Adds the host name of a GitHub Codespace: its name and the port, below the forwarding domain.
   */
  private static void codespace(Map<String, String> variables, List<Setting> settings) {
    String name = variables.getOrDefault("CODESPACE_NAME", "");
    String domain = variables.getOrDefault("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "");
    if (!name.isEmpty() && !domain.isEmpty()) {
      settings.add(new Setting("codespace", name + "." + domain, "CODESPACE_NAME"));
    }
  }

  /** Combines settings. The last one of each key wins. */
  public static Config of(List<Setting> settings) {
    Map<String, Setting> byKey = new LinkedHashMap<>();
    for (Setting setting : settings) {
      requireKnown(setting);
      byKey.put(setting.key(), setting);
    }
    Setting listen = setting(byKey, "listen");
    int colon = listen.value().lastIndexOf(':');
    Profile profile = Profile.of(setting(byKey, "profile").value());
    Setting account = setting(byKey, "account");
    if (!account.value().isEmpty() && !AccountId.isWellFormed(account.value())) {
      throw wrong(account, "must be 32 lower-case hex characters");
    }
    return new Config(
            host(listen, colon),
            port(listen, colon),
            Path.of(setting(byKey, "data").value()),
            origin(setting(byKey, "origin")),
            secret(byKey, "origin-token"),
            location(byKey),
            clusterId(setting(byKey, "cluster-id")),
            flag(setting(byKey, "new-cluster")),
            setting(byKey, "backup-dir").value(),
            cached(setting(byKey, "cached")),
            account.value(),
            profile,
            new RunningLimits(profile, Path.of(setting(byKey, "data").value()), byKey),
            secret(byKey, "root-token"),
            setting(byKey, "tls-cert").value(),
            setting(byKey, "tls-key").value(),
            setting(byKey, "ca").value(),
            setting(byKey, "peer-ca").value(),
            names(setting(byKey, "peers")),
            setting(byKey, "peer-cert").value(),
            setting(byKey, "peer-key").value(),
            flag(setting(byKey, "client-certificates")),
            encryption(byKey),
            setting(byKey, "transport").value(),
            number(setting(byKey, "loops"), 1, 64),
            entrance(byKey, port(listen, colon)),
            logging(byKey),
            telemetry(byKey),
            voting(byKey))
        .checked();
  }

  private static Voting voting(Map<String, Setting> byKey) {
    Setting advertise = setting(byKey, "advertise");
    return new Voting(
        setting(byKey, "node").value(),
        Voting.cluster(setting(byKey, "cluster")),
        setting(byKey, "join").value(),
        advertise.value().isEmpty() ? "" : address(advertise),
        setting(byKey, "cluster-ca").value(),
        setting(byKey, "cluster-cert").value(),
        setting(byKey, "cluster-key").value());
  }

  /** Returns the cluster that this server must belong to; empty if none is set. */
  public Optional<ClusterId> cluster() {
    return clusterId.isEmpty() ? Optional.empty() : Optional.of(ClusterId.of(clusterId));
  }

  /** Returns the directory of backups. */
  public Path backupDirectory() {
    return backups.isEmpty() ? data.resolve("backups") : Path.of(backups);
  }

  private static String clusterId(Setting setting) {
    try {
      return setting.value().isEmpty() ? "" : ClusterId.of(setting.value()).toString();
    } catch (InvalidRequestException e) {
      throw wrong(setting, "must be 16 lower-case hex characters, the first at most 7");
    }
  }

  private static Telemetry telemetry(Map<String, Setting> byKey) {
    Setting collector = setting(byKey, "otlp");
    Setting headers = setting(byKey, "otlp-headers");
    Setting share = setting(byKey, "trace-share");
    return new Telemetry(
        collector.value().isEmpty() ? "" : address(collector),
        Telemetry.headers(headers.value())
            .orElseThrow(() -> wrong(headers, "must be NAME=VALUE, or several with commas")),
        Logging.share(share.value())
            .orElseThrow(() -> wrong(share, "must be off, all or a percentage such as 1%")));
  }

  private static Logging logging(Map<String, Setting> byKey) {
    Setting access = setting(byKey, "access-log");
    return new Logging(
        word(setting(byKey, "log-format"), Logging.FORMATS),
        word(setting(byKey, "log-level"), Logging.LEVELS),
        Logging.share(access.value())
            .orElseThrow(() -> wrong(access, "must be off, all or a percentage such as 1%")));
  }

  private static String word(Setting setting, List<String> allowed) {
    if (!allowed.contains(setting.value())) {
      throw wrong(setting, "must be one of " + String.join(", ", allowed));
    }
    return setting.value();
  }

  private static boolean flag(Setting setting) {
    return switch (setting.value()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(setting, "must be true or false");
    };
  }

  /** Returns the namespaces that an edge replicates. */
  public Selection selection() {
    return new Selection(cached);
  }

  /** Returns whether this server is an edge. */
  public boolean isEdge() {
    return !origin.isEmpty();
  }

  private Config checked() {
    if (isEdge() && !(rootToken.isEmpty() && account.isEmpty())) {
      throw new InvalidRequestException(
          "root-token and account must be set at the origin only: an edge uses those of its"
              + " origin");
    }
    voting.check(isEdge(), port);
    if (!isEdge() && !isVoter() && !originToken.isEmpty()) {
      throw new InvalidRequestException("origin-token requires origin: set both or neither");
    }
    if (!isEdge() && !cached.isEmpty()) {
      throw new InvalidRequestException(
          "cached requires origin: only an edge can cache a namespace");
    }
    if (isEdge() && newCluster) {
      throw new InvalidRequestException(
          "new-cluster cannot be combined with origin: an edge joins the cluster of its origin");
    }
    if (tlsCertificate.isEmpty() != tlsKey.isEmpty()) {
      throw new InvalidRequestException("tls-cert and tls-key must be set together");
    }
    checkPeers();
    return this;
  }

  private void checkPeers() {
    if (peerAuthorities.isEmpty() && clientCertificates) {
      throw new InvalidRequestException(
          "client-certificates requires peer-ca, the authorities of the certificates");
    }
    if (peerAuthorities.isEmpty() != peers.isEmpty() && !clientCertificates) {
      throw new InvalidRequestException(
          "peer-ca and peers must be set together: peers lists the certificate names that may"
              + " follow this server");
    }
    if (!peerAuthorities.isEmpty() && tlsCertificate.isEmpty()) {
      throw new InvalidRequestException("peer-ca requires TLS: set tls-cert and tls-key too");
    }
    if (peerCertificate.isEmpty() != peerKey.isEmpty()) {
      throw new InvalidRequestException("peer-cert and peer-key must be set together");
    }
    if (!peerCertificate.isEmpty() && !origin.startsWith("https://")) {
      throw new InvalidRequestException("peer-cert requires an origin with an https address");
    }
  }

  private static Setting setting(Map<String, Setting> byKey, String key) {
    String standard = SettingKey.of(key).map(SettingKey::standard).orElse("");
    return byKey.getOrDefault(key, new Setting(key, standard, "the default"));
  }

  private static String host(Setting listen, int colon) {
    if (colon <= 0) {
      throw wrong(listen, "must be HOST:PORT such as 127.0.0.1:5820");
    }
    String host = listen.value().substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(Setting listen, int colon) {
    String port = listen.value().substring(colon + 1);
    return number(new Setting("listen", port, listen.source()), 0, PORT_MAX);
  }

  private static String origin(Setting setting) {
    return setting.value().isEmpty()
        ? ""
        : Arrays.stream(setting.value().split(",", -1))
            .map(each -> address(new Setting(setting.key(), each.strip(), setting.source())))
            .collect(Collectors.joining(","));
  }

  private static EntranceRules entrance(Map<String, Setting> byKey, int port) {
    Setting open = setting(byKey, "open");
    if (!open.value().equals("true") && !open.value().equals("false")) {
      throw wrong(open, "must be true or false");
    }
    List<String> hosts = new ArrayList<>(words(setting(byKey, "allowed-hosts")));
    String codespace = setting(byKey, "codespace").value();
    int dot = codespace.indexOf('.');
    if (open.value().equals("true") && dot > 0) {
      hosts.add(codespace.substring(0, dot) + "-" + port + codespace.substring(dot));
    }
    return new EntranceRules(
        open.value().equals("true"), hosts, words(setting(byKey, "allowed-origins")));
  }

  private static List<String> words(Setting setting) {
    return Arrays.stream(setting.value().split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Parses the address of a server and returns it without a path. */
  public static String address(Setting setting) {
    String text = setting.value();
    try {
      var uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
      if (web && bare && uri.getHost() != null && uri.getQuery() == null) {
        return uri.getScheme() + "://" + uri.getAuthority();
      }
    } catch (URISyntaxException e) {
      throw wrong(setting, "must be an address such as http://10.0.0.1:5820");
    }
    throw wrong(setting, "must be an address such as http://10.0.0.1:5820");
  }

  private static String location(Map<String, Setting> byKey) {
    Setting location = setting(byKey, "location");
    boolean edge = !setting(byKey, "origin").value().isEmpty();
    if (edge && location.value().isEmpty()) {
      throw wrong(location, "must be set at an edge, to a name such as fra that the status shows");
    }
    if (!location.value().isEmpty() && !LOCATION.matcher(location.value()).matches()) {
      throw wrong(location, "must be at most 64 letters, digits, dots, dashes and underscores");
    }
    if (!location.value().isEmpty()) {
      return location.value();
    }
    String node = setting(byKey, "node").value();
    return node.isEmpty() ? "origin" : node;
  }

  private static Set<String> names(Setting setting) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : setting.value().split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return Collections.unmodifiableSet(names);
  }

  private static Set<NamespaceId> cached(Setting setting) {
    Set<NamespaceId> cached = new LinkedHashSet<>();
    for (String id : setting.value().split(",", -1)) {
      if (id.isBlank()) {
        continue;
      }
      if (!NamespaceId.isWellFormed(id.strip())
          || NamespaceId.SYSTEM.equals(new NamespaceId(id.strip()))) {
        throw wrong(
            setting, "must be ids of namespaces, each of 32 hex characters, separated by commas");
      }
      cached.add(new NamespaceId(id.strip()));
    }
    return Collections.unmodifiableSet(cached);
  }

  private static String secret(Map<String, Setting> byKey, String key) {
    Setting token = setting(byKey, key);
    Setting file = setting(byKey, key + "-file");
    if (file.value().isEmpty()) {
      return token.value();
    }
    if (!token.value().isEmpty()) {
      throw wrong(file, "must not be set together with " + key);
    }
    return String.join("\n", lines(Path.of(file.value()))).strip();
  }

  private static MasterKeys encryption(Map<String, Setting> byKey) {
    Setting key = setting(byKey, "encryption-key");
    Setting file = setting(byKey, "encryption-key-file");
    Setting service = setting(byKey, "encryption-kms");
    if (!service.value().isEmpty() && !(key.value().isEmpty() && file.value().isEmpty())) {
      throw wrong(service, "must not be set together with a key file or " + MasterKeys.VARIABLE);
    }
    if (!service.value().isEmpty()) {
      return MasterKeys.service(service.value());
    }
    if (key.value().isEmpty()) {
      return file.value().isEmpty() ? MasterKeys.NONE : MasterKeys.file(Path.of(file.value()));
    }
    if (!key.source().equals(MasterKeys.VARIABLE)) {
      throw new InvalidRequestException(
          "encryption-key is a secret, and must be in the environment as "
              + MasterKeys.VARIABLE
              + ", not in "
              + key.source()
              + "; to use a key file, set encryption-key-file");
    }
    if (!file.value().isEmpty()) {
      throw new InvalidRequestException(
          "encryption-key-file ("
              + file.source()
              + ") and "
              + MasterKeys.VARIABLE
              + " must not both be set");
    }
    return MasterKeys.text(key.value(), MasterKeys.VARIABLE);
  }

  /** Returns the limit that a key sets; empty for another setting. */
  static Optional<Limit> limit(String key) {
    return Arrays.stream(Limit.values()).filter(limit -> key(limit).equals(key)).findFirst();
  }

  /** Returns the key of a limit. */
  static String key(Limit limit) {
    return LIMITS + limit.id();
  }

  /** Returns the value of a limit as it is written in settings. */
  public static String text(long value) {
    return value == Limit.none() ? "none" : Long.toString(value);
  }

  static long amount(Setting setting) {
    if (setting.value().equals("none")) {
      return Limit.none();
    }
    try {
      return Long.parseLong(setting.value().replace("_", ""));
    } catch (NumberFormatException e) {
      throw wrong(setting, "must be a whole number or none");
    }
  }

  private static int number(Setting setting, int least, int most) {
    try {
      int number = Integer.parseInt(setting.value());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(setting, "must be a number from " + least + " to " + most);
    }
    throw wrong(setting, "must be a number from " + least + " to " + most);
  }

  private static InvalidRequestException wrong(Setting setting, String rule) {
    return new InvalidRequestException(
        setting.key()
            + " "
            + rule
            + ", got \""
            + setting.value()
            + "\" ("
            + setting.source()
            + ")");
  }

  static void requireKnown(Setting setting) {
    List<String> known = new ArrayList<>();
    for (SettingKey key : SettingKey.values()) {
      known.add(key.id());
    }
    for (Limit limit : Limit.values()) {
      known.add(LIMITS + limit.id());
    }
    if (!known.contains(setting.key())) {
      throw new InvalidRequestException(
          "unknown setting \""
              + setting.key()
              + "\" ("
              + setting.source()
              + "); did you mean "
              + Spelling.nearest(setting.key(), known)
              + "?");
    }
  }

  /** Returns the main settings without secrets. */
  @Override
  public String toString() {
    return "Config[" + host + ":" + port + ", data=" + data + ", profile=" + profile.id() + "]";
  }
}
