package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Change;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;

/** A replica whose feed is lost, until it has another store. That may take days. */
final class LostFeedTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000));

  @TempDir Path folder;

  private final Intake intake = new Intake();
  private RocksStore origin;
  private RocksStore edge;

  @BeforeEach
  void open() {
    origin = RocksStore.open(folder.resolve("origin"), LIMITS, CLOCK, new Random(1));
    edge = RocksStore.open(folder.resolve("edge"), LIMITS, CLOCK, new Random(2));
    edge.adopt(origin.epoch());
  }

  @AfterEach
  void close() {
    origin.close();
    edge.close();
  }

  private static final class Intake implements Follower.Intake {
    private final List<String> lost = new ArrayList<>();
    private int pieces;
    private boolean more;

    @Override
    public boolean stores(NamespaceId namespace) {
      return true;
    }

    @Override
    public List<Change> select(List<Change> changes) {
      return changes;
    }

    @Override
    public void applied(List<Change> changes) {}

    @Override
    public boolean upkeep() {
      pieces++;
      return more;
    }

    @Override
    public void lost(String reason) {
      lost.add(reason);
    }
  }

  @Test
  void theUpkeepGoesOn() {
    var trimmed =
        new CutSource(origin, Integer.MAX_VALUE) {
          @Override
          public InputStream feed(Descent from) throws IOException {
            throw new GoneException("trimmed");
          }
        };
    var follower = new Follower(edge, LIMITS, trimmed, CLOCK, intake);
    follower.step();
    assertThat(intake.lost).containsExactly("trimmed");
    int before = intake.pieces;
    intake.more = true;

    Duration soon = follower.step();
    intake.more = false;
    Duration later = follower.step();

    assertThat(intake.pieces).isEqualTo(before + 2);
    assertThat(soon).isLessThan(later);
    assertThat(intake.lost).hasSize(1);
  }
}
