package selvedge.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of a server except the limits. The flags of the command line, the variables of the
 * environment and the page docs/reference/settings.md follow from this table.
 */
public enum SettingKey {
  LISTEN("127.0.0.1:5820", "HOST:PORT", "Address and port; port 0 takes a free one."),
  DATA("./data", "DIR", "Data directory."),
  PROFILE("open", "NAME", "Limits: open, workers-free or workers-paid."),
  ACCOUNT("", "ID", "Default account: 32 hex characters; generated if missing."),
  ROOT_TOKEN(
      "",
      "T",
      "A token with all rights; --root-token-file is safer: processes see the command line.",
      Trait.SECRET),
  ROOT_TOKEN_FILE("", "FILE", "A file with the root token."),
  OPEN(
      "false",
      "",
      "While no token exists, accept all clients, on any address and through proxies."),
  ALLOWED_HOSTS(
      "",
      "NAME[,NAME]",
      "Host names that an open server accepts, such as kv.example or *.example."),
  ALLOWED_ORIGINS(
      "",
      "URL[,URL]",
      "Origins of web pages that may read, such as https://app.example.com (CORS)."),
  CODESPACE("", "NAME", "Name and domain of a GitHub Codespace.", Trait.WITHOUT_FLAG),
  TLS_CERT("", "FILE", "PEM file: certificate chain."),
  TLS_KEY("", "FILE", "PEM file: private key."),
  CA(
      "",
      "FILE",
      "PEM file: authorities that outgoing connections trust; default those of the JVM."),
  PEER_CA(
      "", "FILE", "PEM file: authorities of servers that follow this one; see docs/how-to/tls.md."),
  PEERS("", "NAME[,NAME]", "Certificate names of servers that may follow this one."),
  PEER_CERT(
      "",
      "FILE",
      "PEM file: certificate that this edge presents to its origin, in addition to the token."),
  PEER_KEY("", "FILE", "PEM file: private key of --peer-cert."),
  CLIENT_CERTIFICATES(
      "false", "", "Require a certificate of --peer-ca from every client, beside its token."),
  ORIGIN("", "URL[,URL]", "Start an edge that follows this server, or one of several voters."),
  ORIGIN_TOKEN(
      "", "T", "A replicate token of the origin; --origin-token-file is safer.", Trait.SECRET),
  ORIGIN_TOKEN_FILE("", "FILE", "A file with the token of the origin."),
  LOCATION("", "NAME", "Name of this server in selvedge status."),
  CACHED("", "ID[,ID]", "Namespaces that an edge caches instead of replicating them."),
  CLUSTER_ID("", "ID", "The cluster of this server; it does not start with data of another one."),
  NEW_CLUSTER(
      "false", "", "Start only on an existing store, or as the first origin on this directory."),
  NODE("", "NAME", "Name of this voter in --cluster."),
  CLUSTER(
      "",
      "NAME=HOST:PORT,...",
      "Start a voter of a quorum; the addresses are for voters only, and the list counts when the"
          + " cluster is formed. With --join only this voter."),
  JOIN(
      "",
      "HOST:PORT",
      "Start an empty voter that joins the cluster of this server; clients reach it there."),
  ADVERTISE(
      "",
      "URL",
      "Where clients and servers reach this voter; default its host in --cluster and the port of"
          + " --listen."),
  CLUSTER_CA("", "FILE", "PEM file: the authority of the voters' certificates."),
  CLUSTER_CERT("", "FILE", "PEM file: certificate of this voter."),
  CLUSTER_KEY("", "FILE", "PEM file: private key of --cluster-cert."),
  ENCRYPTION_KEY_FILE(
      "", "FILE", "Encrypt the data under the master key in the file; see selvedge key."),
  ENCRYPTION_KEY("", "KEY", "The master key itself.", Trait.SECRET, Trait.WITHOUT_FLAG),
  ENCRYPTION_KMS(
      "", "NAME:ADDRESS", "Encrypt the data under a master key of a key management service."),
  BACKUP_DIR("", "DIR", "Directory of backups; default backups in the data directory."),
  TRANSPORT("auto", "NAME", "epoll, io_uring or nio; auto takes the first that works."),
  LOOPS("1", "NUMBER", "Number of event loops, 1 to 64."),
  LOG_FORMAT("text", "FORMAT", "text or json, on standard error."),
  LOG_LEVEL("info", "LEVEL", "debug, info, warn or error."),
  ACCESS_LOG("off", "SHARE", "off, all, or a share of the requests such as 1%."),
  OTLP("", "URL", "Collector for OTLP over HTTP, such as http://127.0.0.1:4318."),
  OTLP_HEADERS("", "NAME=VALUE[,...]", "Header fields for the collector.", Trait.SECRET),
  TRACE_SHARE(
      "off", "SHARE", "Requests without a trace that begin one: off, all, or a share such as 1%.");

  private enum Trait {
    SECRET,
    WITHOUT_FLAG
  }

  private final String standard;
  private final String form;
  private final String help;
  private final boolean secret;
  private final boolean flag;

  SettingKey(String standard, String form, String help, Trait... traits) {
    this.standard = standard;
    this.form = form;
    this.help = help;
    this.secret = Arrays.asList(traits).contains(Trait.SECRET);
    this.flag = !Arrays.asList(traits).contains(Trait.WITHOUT_FLAG);
  }

  /** Returns the name in files and after {@code --}, such as {@code tls-cert}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the setting with the name. */
  public static Optional<SettingKey> of(String id) {
    return Arrays.stream(values()).filter(key -> key.id().equals(id)).findFirst();
  }

  /** Returns the value that is used if none is set; empty for no value. */
  public String standard() {
    return standard;
  }

  /** Returns the form of the value for help texts; empty for a flag without a value. */
  public String form() {
    return form;
  }

  /** Returns the description of the flag. */
  public String help() {
    return help;
  }

  /** Returns whether the flag has no value: it sets {@code true}. */
  public boolean isSwitch() {
    return form.isEmpty();
  }

  /** Returns whether the value must not be shown. */
  public boolean isSecret() {
    return secret;
  }

  /** Returns whether the command line has a flag for the setting. */
  public boolean hasFlag() {
    return flag;
  }
}
