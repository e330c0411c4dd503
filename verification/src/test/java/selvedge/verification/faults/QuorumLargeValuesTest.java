package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Polling;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;

/**
 * Values of the maximum size at voters with the heap of a machine of 1 GiB. Together they are
 * larger than the heap, so that a voter which keeps its log in memory ends.
 */
@Tag("soak")
final class QuorumLargeValuesTest {
  private static final int VALUES = 16;
  private static final String LAST = key(VALUES - 1);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  @Test
  void votersWithASmallHeapWriteThemAndStartAgain() throws Exception {
    var voters = new QuorumProcesses(servers, directory);
    voters.jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    voters.form();
    String namespace;
    try (RestClient leader = voters.client(voters.leader())) {
      namespace = leader.createNamespace("large");
      for (int i = 0; i < VALUES; i++) {
        int number = i;
        Polling.await(
            "value " + i + " is put",
            () -> leader.put(namespace, key(number), () -> new SeededValue(number)).isOk());
      }
    }
    for (String name : QuorumProcesses.NAMES) {
      assertThat(voters.isRunning(name)).as("voter %s runs", name).isTrue();
    }

    QuorumProcesses.NAMES.forEach(voters::kill);
    voters.startAll(QuorumProcesses.NAMES);

    voters.awaitReady();
    for (String name : QuorumProcesses.NAMES) {
      try (RestClient client = voters.client(name)) {
        Polling.await(
            "voter " + name + " has all",
            () -> client.list(namespace, "prefix=" + LAST).body().utf8().contains(LAST));
        for (int i = 0; i < VALUES; i++) {
          SeededValue.assertSame(client.open(namespace, key(i)), i);
        }
      }
    }
  }

  private static String key(int number) {
    return "value-" + number;
  }
}
