package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.UncertainException;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Watch;

/** A client that has the addresses of three voters in one process. */
@Tag("soak")
final class ClientOfQuorumTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int WRITES = 30;

  private final Set<String> acknowledged = new TreeSet<>();
  private final List<String> unknown = new ArrayList<>();
  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  ClientOfQuorumTest() {}

  @Test
  void writesReadsAndWatchesContinueWhenTheLeaderIsLost() {
    try (Voters voters = Voters.form(directory)) {
      String leader = voters.leader();
      URI[] addresses =
          Stream.concat(Stream.of(leader), Voters.NAMES.stream())
              .distinct()
              .map(name -> voters.uri(name, ""))
              .toArray(URI[]::new);
      try (Client client =
          Client.of(ClientOptions.of(addresses).token(Voters.TOKEN).deadline(DEADLINE))) {
        Namespace namespace = client.namespace("n");
        try (Watch watch = namespace.watch(Bytes.EMPTY, namespace.latest())) {
          write(namespace, 0);
          voters.stop(leader);
          write(namespace, WRITES);

          assertThat(acknowledged.size() + unknown.size()).isEqualTo(2 * WRITES);
          assertThat(unknown).hasSizeLessThan(WRITES);
          assertThat(watched(watch)).containsAll(acknowledged);
        }
        for (String key : acknowledged) {
          assertThat(namespace.getText(key)).contains("value of " + key);
        }
      }
    }
  }

  private void write(Namespace namespace, int from) {
    for (int i = from; i < from + WRITES; i++) {
      String key = "k%02d".formatted(i);
      try {
        namespace.put(key, "value of " + key);
        acknowledged.add(key);
      } catch (UncertainException e) {
        unknown.add(key);
      }
    }
  }

  /** Returns the keys of all changes up to the last acknowledged one, each once. */
  private List<String> watched(Watch watch) {
    List<String> keys = new ArrayList<>();
    String last = acknowledged.stream().reduce((before, after) -> after).orElseThrow();
    while (!keys.contains(last)) {
      Change change = watch.next(DEADLINE).orElseThrow();
      if (change.mutation() instanceof Mutation.Put put) {
        keys.add(put.key().name());
      }
    }
    assertThat(keys).doesNotHaveDuplicates().isSorted();
    return keys;
  }
}
