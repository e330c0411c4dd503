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
import selvedge.model.InvalidRequestException;

/**
 * The file that makes a data directory that of a voter. It has the id of the voter, drawn once for
 * the directory, and the voters with which the cluster was formed. Used by one thread at a time.
 */
final class VoterFile {
  private static final String ID = "id = ";
  private static final String PEER = "voter = ";
  private static final String FORMATTED = "formatted = ";

  private final Path file;

  VoterFile(Path data) {
    this.file = data.resolve("voter");
  }

  /**
   * The content of the file.
   *
   * @param id of this voter
   * @param peers the voters of the cluster, this one included; none before all are known
   * @param formatted whether the log was made, which happens once
   */
  record Content(String id, List<Peer> peers, boolean formatted) {
    Content {
      peers = List.copyOf(peers);
    }

    Content with(List<Peer> all) {
      return new Content(id, all, formatted);
    }

    Content withLog() {
      return new Content(id, peers, true);
    }

    /** Returns the id of the group, which follows from the voters that formed the cluster. */
    UUID group() {
      String ids = String.join("\n", peers.stream().map(Peer::id).sorted().toList());
      return UUID.nameUUIDFromBytes(ids.getBytes(StandardCharsets.UTF_8));
    }
  }

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
    String id = "";
    List<Peer> peers = new ArrayList<>();
    boolean formatted = false;
    for (String line : lines) {
      if (line.startsWith(ID)) {
        id = line.substring(ID.length());
      } else if (line.startsWith(PEER)) {
        peers.add(Peer.parse(line.substring(PEER.length())));
      } else if (line.startsWith(FORMATTED)) {
        formatted = Boolean.parseBoolean(line.substring(FORMATTED.length()));
      } else {
        throw new InvalidRequestException(
            file + " has a line that this release does not know: " + line);
      }
    }
    return new Content(id, peers, formatted);
  }

  void write(Content content) {
    List<String> lines = new ArrayList<>();
    lines.add(ID + content.id());
    content.peers().forEach(peer -> lines.add(PEER + peer));
    lines.add(FORMATTED + content.formatted());
    try {
      SyncedFiles.createDirectories(file.toAbsolutePath().resolveSibling(""));
      SyncedFiles.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
