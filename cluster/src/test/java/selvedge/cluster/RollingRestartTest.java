package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.Namespace;

/** Every voter is stopped and started again, the leader last, while clients work. */
final class RollingRestartTest {
  private static final int CLIENTS = 2;
  private static final int REQUESTS = 3;

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  RollingRestartTest() {}

  @Test
  void noRequestFailsWhileVotersAreStartedAgain() throws InterruptedException {
    try (Voters voters = Voters.form(directory);
        Client client =
            Client.of(
                ClientOptions.of(
                        Voters.NAMES.stream().map(each -> voters.uri(each, "")).toArray(URI[]::new))
                    .token(Voters.TOKEN)
                    .deadline(Duration.ofSeconds(60)))) {
      Namespace namespace = client.create("TEST");
      var work = new Work(namespace);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String name = "client-" + i;
        threads.add(Thread.ofVirtual().start(() -> work.run(name)));
      }
      List<String> order = new ArrayList<>(Voters.NAMES);
      String leader = voters.leader();
      order.remove(leader);
      order.add(leader);

      for (String name : order) {
        voters.stop(name);
        work.awaitMore();
        voters.start(name);
        Voters.await(() -> voters.get(name, "/readyz").statusCode() == 200);
        work.awaitMore();
      }

      assertThat(voters.leader()).isNotEqualTo(leader);

      work.ending.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(work.failures).isEmpty();
      assertThat(namespace.getText("client-0")).hasValue(Integer.toString(work.last("client-0")));
    }
  }

  /** Clients that write a number, read it and write the next one. */
  private static final class Work {
    private final Namespace namespace;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicInteger made = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();

    Work(Namespace namespace) {
      this.namespace = namespace;
    }

    void run(String name) {
      for (int i = 1; !ending.get(); i++) {
        try {
          namespace.put(name, Integer.toString(i));
          written.add(name + "=" + i);
          String read = namespace.getText(name).orElse("nothing");
          if (!read.equals(Integer.toString(i))) {
            failures.add(name + " read " + read + " after it wrote " + i);
          }
        } catch (RuntimeException e) {
          failures.add(name + " at " + i + ": " + e);
        }
        made.incrementAndGet();
      }
    }

    void awaitMore() {
      int before = made.get();
      Voters.await(() -> made.get() >= before + REQUESTS * CLIENTS);
    }

    int last(String name) {
      return written.stream()
          .filter(each -> each.startsWith(name + "="))
          .mapToInt(each -> Integer.parseInt(each.substring(name.length() + 1)))
          .max()
          .orElse(0);
    }
  }
}
