package selvedge.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import selvedge.engine.origin.Meter;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

final class CommitWatchTest {
  private final CommitWatch commits = new CommitWatch(Meter.NONE);

  @Test
  void remembersAFailedCommitUntilOneSucceeds() {
    var failure = new StorageFullException("the disk is full");
    commits.failed(failure);
    commits.failed(failure);

    assertThat(commits.failure()).contains(failure);
    assertThat(commits.failures()).isEqualTo(2);

    commits.committed(1, 1);
    assertThat(commits.failure()).as("durable, and not visible").contains(failure);

    commits.shown();

    assertThat(commits.failure()).isEmpty();
    assertThat(commits.failures()).isEqualTo(2);
  }

  @Test
  void reasonsNameNoFile() {
    assertThat(CommitWatch.reason(new StorageFullException("no space in /data")))
        .isEqualTo("the disk is full");
    assertThat(CommitWatch.reason(new StoreDamagedException("/data/000009.sst is damaged")))
        .isEqualTo("a file of the store is damaged");
    assertThat(
            CommitWatch.reason(
                new StoreUnusableException(
                    "cannot sync /data", new IOException("Input/output error"))))
        .isEqualTo("writing to the disk fails: Input/output error");
    assertThat(CommitWatch.reason(new IllegalStateException("/data")))
        .isEqualTo("writing to the store fails");
  }
}
