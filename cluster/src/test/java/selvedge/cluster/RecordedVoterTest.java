package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.MasterKeys;

/**
 * The directory of a voter that the commit d3615707 wrote, and that was killed: the file {@code
 * voter} and entries of the log of form 1, and a store of form 3.
 *
 * <p>It was the only voter, named a. It made the namespace TEST, put the keys k1 to k3 and a large
 * value, and deleted k2.
 */
final class RecordedVoterTest {
  private static final String KEY = "/kv/TEST/";
  private static final int LARGE = 600_000;

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  RecordedVoterTest() {}

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream in = RecordedVoterTest.class.getResourceAsStream("voter-1.zip");
        var zip = new ZipInputStream(Objects.requireNonNull(in))) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = data().resolve(each.getName());
        Files.createDirectories(file.resolveSibling(""));
        Files.copy(zip, file);
      }
    }
  }

  private Path data() {
    return directory.resolve("a");
  }

  @Test
  void everyEntryOfTheLogIsRead() throws IOException {
    LogKeys keys = LogKeys.open(data(), MasterKeys.NONE);
    Set<Class<?>> kinds = new HashSet<>();

    new StoppedLog(data().resolve("raft"), -1).read(entry -> kinds.addAll(kinds(keys, entry)));

    assertThat(kinds).contains(LogEntry.Changes.class, LogEntry.Chunk.class);
  }

  private static Set<Class<?>> kinds(LogKeys keys, LogEntryProto entry) {
    if (!entry.hasStateMachineLogEntry()) {
      return Set.of();
    }
    LogEntry read =
        keys.decode(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    if (read instanceof LogEntry.Changes changes) {
      assertThat(ChangesCodec.decode(changes.bytes())).isNotEmpty();
    }
    return Set.of(read.getClass());
  }

  @Test
  void theVoterContinuesInItsFormUntilItIsUpgraded() throws IOException {
    Path file = data().resolve("voter");
    String before = read(file);
    try (Voters voters = Voters.stopped(directory)) {
      voters.startFirst("a");

      assertThat(voters.leader()).isEqualTo("a");
      assertThat(voters.get("a", KEY + "k1").body()).isEqualTo("v1");
      assertThat(voters.get("a", KEY + "k2").statusCode()).isEqualTo(404);
      assertThat(voters.get("a", KEY + "large").body()).isEqualTo("x".repeat(LARGE));
      voters.putUntilMade("a", KEY + "k4", "v4");
      assertThat(read(file)).isEqualTo(before);

      assertThat(voters.post("a", "/v1/voters/form").body())
          .contains("done: every voter has form 2");
      assertThat(read(file)).startsWith("form = 2\n");

      voters.stop("a");
      voters.startFirst("a");

      assertThat(voters.leader()).isEqualTo("a");
      assertThat(voters.get("a", KEY + "k4").body()).isEqualTo("v4");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
