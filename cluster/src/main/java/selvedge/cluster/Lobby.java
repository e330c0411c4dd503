package selvedge.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.form.Form;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Voting;

/**
 * Forms a new cluster: each voter listens at its address in the cluster, and requests the identity
 * of the others. Used once by one thread; a second one answers the others.
 *
 * <p>A voter first stores the list of all voters, and the key of the log that the first of them
 * sends, and then announces that. It continues when all others have announced the same. Each voter
 * of a formed cluster therefore has the whole list and the key on disk, whenever it was killed.
 */
final class Lobby {
  private static final Logger LOG = LoggerFactory.getLogger(Lobby.class);
  private static final String GREETING = "selvedge-voter ";
  private static final int LINE_CHARACTERS_MAX = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final Voting voting;
  private final Peer self;
  private final VoterFile file;
  private final Release release;
  private final @Nullable VoterTls tls;
  private final LogKeys keys;
  private final Map<String, Peer> met = new TreeMap<>();

  /** The form of the last greeting with which each other voter has come. */
  private final Map<String, Integer> forms = new ConcurrentHashMap<>();

  /** The newest form of a cluster that all voters know which were met. */
  private int known;

  private volatile boolean complete;

  Lobby(
      Voting voting,
      Peer self,
      VoterFile file,
      Release release,
      @Nullable VoterTls tls,
      LogKeys keys) {
    this.tls = tls;
    this.keys = keys;
    this.voting = voting;
    this.self = self;
    this.file = file;
    this.release = release;
    this.known = release.newest();
    met.put(self.name(), self);
  }

  /**
   * What another voter says. A greeting of form 1 has neither a key nor a form of the cluster.
   *
   * @param form of the greeting
   * @param key the key of the log in hex, from the first voter by name; {@link #ENCRYPTED} from the
   *     others, and {@link #PLAIN} from voters without a master key
   * @param newest the newest form of a cluster that the voter knows
   */
  private record Greeting(
      int form, Peer peer, String cluster, boolean complete, String key, int newest) {
    private static final String ENCRYPTED = "encrypted";
    private static final String PLAIN = "plain";

    /** How many fields a greeting of form 1 and one of form 2 have. */
    private static final List<Integer> FIELDS = List.of(6, 8);

    String line() {
      String state = complete ? "complete" : "alone";
      String first = GREETING + String.join(" ", form + "", peer.toString(), cluster, state);
      return first + (form == Form.GREETING.oldest() ? "" : " " + key + " " + newest) + "\n";
    }

    boolean isPlain() {
      return key.equals(PLAIN);
    }

    /** Parses a line; null if a voter that forms a cluster does not speak like this. */
    static @Nullable Greeting parse(@Nullable String line) {
      if (line == null || !line.startsWith(GREETING)) {
        return null;
      }
      String[] fields = line.substring(GREETING.length()).split(" ", -1);
      try {
        int form = Integer.parseInt(fields[0]);
        if (fields.length != FIELDS.get(form - 1)) {
          return null;
        }
        Peer peer = Peer.parse(fields[1] + " " + fields[2] + " " + fields[3]);
        boolean complete = fields[5].equals("complete");
        return form == Form.GREETING.oldest()
            ? new Greeting(form, peer, fields[4], complete, PLAIN, Form.CLUSTER.oldest())
            : new Greeting(form, peer, fields[4], complete, fields[6], Integer.parseInt(fields[7]));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        LOG.debug("a greeting is malformed: {}", e.getMessage());
        return null;
      }
    }
  }

  /** Returns the content of the file with all voters, once all of them have it on disk. */
  VoterFile.Content meet(VoterFile.Content own) throws IOException {
    if (!own.peers().isEmpty()) {
      complete = true;
      own.peers().forEach(each -> met.put(each.name(), each));
    }
    VoterFile.Content content = own;
    try (ServerSocket listening = listen()) {
      Thread.ofPlatform().name("selvedge-lobby").daemon().start(() -> answer(listening));
      boolean waiting = true;
      while (waiting) {
        boolean all = true;
        for (Map.Entry<String, String> each : voting.cluster().entrySet()) {
          if (!each.getKey().equals(self.name())) {
            all &= visit(each.getKey(), Peer.address(each.getValue()));
          }
        }
        if (!complete && met.size() == voting.cluster().size()) {
          content = own.with(List.copyOf(met.values()), known);
          file.write(content);
          complete = true;
          all = voting.cluster().size() == 1;
        }
        waiting = !(all && complete);
        if (waiting) {
          pause();
        }
      }
    }
    keys.use();
    LOG.info("the cluster has the voters {}", met.keySet());
    return content;
  }

  private ServerSocket listen() throws IOException {
    ServerSocket socket =
        tls == null
            ? new ServerSocket()
            : tls.context().getServerSocketFactory().createServerSocket();
    if (socket instanceof SSLServerSocket secure) {
      secure.setNeedClientAuth(true);
    }
    socket.setReuseAddress(true);
    socket.bind(resolved(self.address()));
    return socket;
  }

  private static InetSocketAddress resolved(InetSocketAddress address) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort());
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server stopped before its cluster was formed", e);
    }
  }

  /**
   * Requests the identity of another voter, and returns whether it has the whole list on disk. A
   * voter that has formed the cluster, and so has the whole list, answers by gRPC instead. With TLS
   * it closes the connection, because gRPC requires a protocol that is not named here. A voter of
   * an earlier release gives no answer to a form that it does not know, and comes with its own
   * form.
   */
  private boolean visit(String name, InetSocketAddress address) {
    int form = forms.getOrDefault(name, Form.GREETING.newest());
    try (Socket socket =
        tls == null ? new Socket() : tls.context().getSocketFactory().createSocket()) {
      socket.connect(resolved(address), (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      send(socket, form);
      String line = line(socket);
      Greeting greeting = Greeting.parse(line);
      if (line == null) {
        return tls != null && complete;
      }
      if (greeting == null) {
        return answeredOtherwise(name, address);
      }
      require(name, greeting);
      if (!complete) {
        met.put(name, greeting.peer());
        known = Math.min(known, greeting.newest());
        if (name.equals(first()) && !greeting.isPlain()) {
          keys.take(greeting.key(), false);
        }
      }
      return greeting.complete();
    } catch (SSLException e) {
      LOG.debug("the voter {} at {} speaks TLS of another kind: {}", name, address, e.getMessage());
      return complete;
    } catch (IOException e) {
      LOG.debug("the voter {} at {} cannot be reached yet: {}", name, address, e.getMessage());
      return false;
    }
  }

  private boolean answeredOtherwise(String name, InetSocketAddress address) {
    if (complete) {
      return true;
    }
    throw new InvalidRequestException(
        "the voter "
            + name
            + " at "
            + address
            + " belongs to a cluster that is formed already, and this directory is empty. If this"
            + " voter has lost its directory, the others must replace it: an empty voter under an"
            + " old name could destroy acknowledged writes");
  }

  private void require(String name, Greeting greeting) {
    if (!greeting.peer().name().equals(name) || !greeting.cluster().equals(list())) {
      throw new InvalidRequestException(
          "the voter at the address of "
              + name
              + " calls itself "
              + greeting.peer().name()
              + " in the cluster "
              + greeting.cluster()
              + ", and here cluster is "
              + list()
              + ": give all voters the same list");
    }
    if (greeting.form() == Form.GREETING.oldest() && keys.isWanted()) {
      throw new InvalidRequestException(
          "the voter "
              + name
              + " runs an older release, which cannot encrypt its log: form the cluster with one"
              + " release, or without master keys");
    }
    if (greeting.isPlain() == keys.isWanted()) {
      throw new InvalidRequestException(
          "the voter "
              + (greeting.isPlain() ? name : self.name())
              + " has no master key, and the voter "
              + (greeting.isPlain() ? self.name() : name)
              + " has one: give each voter a key of its own, or none");
    }
    Peer known = met.get(name);
    if (complete && known != null && !known.id().equals(greeting.peer().id())) {
      throw new InvalidRequestException(
          "the voter " + name + " has lost its directory since the voters met: empty all of them");
    }
  }

  /** Returns the name of the voter that draws the key of the log. */
  private String first() {
    return new TreeMap<>(voting.cluster()).firstKey();
  }

  private String key() {
    if (!keys.isWanted()) {
      return Greeting.PLAIN;
    }
    return self.name().equals(first()) ? keys.secret() : Greeting.ENCRYPTED;
  }

  /** Returns the list of voters as text, which must be the same everywhere. */
  private String list() {
    SequencedMap<String, String> cluster = voting.cluster();
    List<String> all = new ArrayList<>();
    new TreeMap<>(cluster).forEach((name, address) -> all.add(name + "=" + address));
    return String.join(",", all);
  }

  private void send(Socket socket, int form) throws IOException {
    OutputStream out = socket.getOutputStream();
    var greeting = new Greeting(form, self, list(), complete, key(), release.newest());
    out.write(greeting.line().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Reads a line. Bytes of another protocol have none within the limit. */
  private static @Nullable String line(Socket socket) throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1);
    var line = new StringBuilder();
    for (int next = reader.read();
        next >= 0 && next != '\n' && line.length() < LINE_CHARACTERS_MAX;
        next = reader.read()) {
      line.append((char) next);
    }
    return line.isEmpty() ? null : line.toString();
  }

  private void answer(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.startVirtualThread(() -> answer(socket));
      } catch (IOException e) {
        LOG.debug("a visitor left: {}", e.getMessage());
      }
    }
  }

  /** A visitor that sends slowly must not hold up the others. */
  private void answer(Socket visitor) {
    try (visitor) {
      visitor.setSoTimeout((int) PATIENCE.toMillis());
      Greeting greeting = Greeting.parse(line(visitor));
      if (greeting != null) {
        forms.put(greeting.peer().name(), greeting.form());
        send(visitor, greeting.form());
      }
    } catch (IOException e) {
      LOG.debug("a visitor left: {}", e.getMessage());
    }
  }
}
