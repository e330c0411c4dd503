package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.model.Change;

final class RefusalTest {
  private static final Instant START = Instant.EPOCH;

  private boolean refusing = true;
  private final Refusal refusal = new Refusal();
  private final MemoryStore memory = new MemoryStore(1);
  private final Store store =
      new ForwardingStore() {
        @Override
        public Store delegate() {
          return memory;
        }

        @Override
        public void commit(List<Change> changes) {
          memory.commit(changes);
        }

        @Override
        public boolean mustReopen() {
          return refusing;
        }
      };

  @Test
  void aRefusalMayEndByItself() {
    assertThat(refusal.lasts(store, START)).isFalse();
    refusing = false;
    assertThat(refusal.lasts(store, START.plus(Refusal.PATIENCE))).isFalse();
    refusing = true;

    assertThat(refusal.lasts(store, START.plus(Refusal.PATIENCE))).isFalse();
  }

  @Test
  void aStoreThatGoesOnRefusingMustBeOpenedAgain() {
    assertThat(refusal.lasts(store, START)).isFalse();

    assertThat(refusal.lasts(store, START.plus(Refusal.PATIENCE))).isTrue();
  }
}
