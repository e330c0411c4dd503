package selvedge.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.form.Form;
import selvedge.model.InvalidRequestException;
import selvedge.server.voter.VoterDirectory;

/**
 * The file that makes a data directory that of a voter. It has the id of the voter, drawn once for
 * the directory, and the voters with which the cluster was formed. Used by one thread at a time.
 */
final class VoterFile {
  /** From this form on, a file follows the voters that the log names. */
  static final int FOLLOWING = 2;

  private static final String FORM = "form = ";
  private static final String ID = "id = ";
  private static final String PEER = "voter = ";
  private static final String FORMATTED = "formatted = ";
  private static final String GROUP = "group = ";
  private static final String VOTERS_AT = "voters at = ";
  private static final String NEW_LOG = "log = new";

  private final Path file;
  private final Release release;

  VoterFile(Path data, Release release) {
    this.file = data.resolve(VoterDirectory.FILE);
    this.release = release;
  }

  /**
   * The content of the file.
   *
   * @param id of this voter
   * @param form of the cluster, in which the voter writes
   * @param peers the voters of the cluster, as this one knows them; none before all are known
   * @param formatted whether the log was made, which happens once
   * @param log what is known of the log beside that
   */
  record Content(String id, int form, List<Peer> peers, boolean formatted, Log log) {
    Content {
      peers = List.copyOf(peers);
    }

    Content(String id, int form, List<Peer> peers, boolean formatted) {
      this(id, form, peers, formatted, new Log(Optional.empty(), false, 0));
    }

    /** Returns the content of a new voter beside a store that has changes. */
    static Content first(String id) {
      var log = new Log(Optional.empty(), true, 0);
      return new Content(id, Form.CLUSTER.newest(), List.of(), false, log);
    }

    /**
     * Returns the content with the voters that form a cluster, and the form that all of them know.
     */
    Content with(List<Peer> all, int known) {
      return new Content(id, known, all, formatted, log);
    }

    Content withForm(int newer) {
      return new Content(id, Math.max(form, newer), peers, formatted, log);
    }

    Content withLog() {
      return new Content(id, form, peers, true, log);
    }

    /** Returns the content once the new log is on disk. */
    Content withOldLog() {
      return new Content(id, form, peers, true, new Log(log.group, false, log.votersAt));
    }

    /**
     * Returns the content with the voters that an entry of the log names; the newest entry counts.
     * A file of form 1 keeps the voters that have formed the cluster.
     */
    Content voting(List<Peer> all, long index) {
      return form >= FOLLOWING && index > log.votersAt
          ? new Content(id, form, all, formatted, new Log(Optional.of(group()), log.isNew, index))
          : this;
    }

    /** Returns the content of a voter that joins a log. */
    Content joining(UUID group, int known, List<Peer> all) {
      return new Content(id, known, all, true, new Log(Optional.of(group), true, 0));
    }

    /** Returns the id of the log. It follows from the voters that formed the cluster. */
    UUID group() {
      return log.group.orElseGet(this::founded);
    }

    private UUID founded() {
      String ids = String.join("\n", peers.stream().map(Peer::id).sorted().toList());
      return UUID.nameUUIDFromBytes(ids.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * The log of a voter.
   *
   * @param group the id of the log; empty if it follows from the voters, which have formed the
   *     cluster
   * @param isNew whether the log may begin beside a store that has changes
   * @param votersAt the index of the entry that names the voters; 0 before the first
   */
  record Log(Optional<UUID> group, boolean isNew, long votersAt) {}

  Optional<Content> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(Files.readAllLines(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private Content parse(List<String> lines) {
    int form = form(lines);
    String id = "";
    List<Peer> peers = new ArrayList<>();
    boolean formatted = false;
    Optional<UUID> group = Optional.empty();
    long votersAt = 0;
    boolean isLogNew = false;
    for (String line : lines) {
      if (line.startsWith(ID)) {
        id = line.substring(ID.length());
      } else if (line.startsWith(PEER)) {
        peers.add(Peer.parse(line.substring(PEER.length())));
      } else if (line.startsWith(FORMATTED)) {
        formatted = Boolean.parseBoolean(line.substring(FORMATTED.length()));
      } else if (line.startsWith(GROUP)) {
        group = Optional.of(UUID.fromString(line.substring(GROUP.length())));
      } else if (line.startsWith(VOTERS_AT)) {
        votersAt = Long.parseLong(line.substring(VOTERS_AT.length()));
      } else if (line.equals(NEW_LOG)) {
        isLogNew = true;
      } else if (!line.startsWith(FORM)) {
        throw new InvalidRequestException(
            file + " has a line that this release does not know: " + line);
      }
    }
    return new Content(id, form, peers, formatted, new Log(group, isLogNew, votersAt));
  }

  /** Returns the form of a file. One of form 1 does not name it. */
  private int form(List<String> lines) {
    int form =
        lines.stream()
            .filter(line -> line.startsWith(FORM))
            .mapToInt(line -> Integer.parseInt(line.substring(FORM.length())))
            .findFirst()
            .orElse(Form.CLUSTER.oldest());
    release.require(form, file.toString());
    return form;
  }

  void write(Content content) {
    List<String> lines = new ArrayList<>();
    if (content.form() > Form.CLUSTER.oldest()) {
      lines.add(FORM + content.form());
    }
    lines.add(ID + content.id());
    content.peers().forEach(peer -> lines.add(PEER + peer));
    lines.add(FORMATTED + content.formatted());
    content.log().group().ifPresent(group -> lines.add(GROUP + group));
    if (content.log().votersAt() > 0) {
      lines.add(VOTERS_AT + content.log().votersAt());
    }
    if (content.log().isNew()) {
      lines.add(NEW_LOG);
    }
    try {
      SyncedFiles.createDirectories(file.toAbsolutePath().resolveSibling(""));
      SyncedFiles.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
