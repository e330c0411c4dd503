package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.engine.replication.Source;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.wire.MessageReader;

final class ArrivingValuesTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN).with(Limit.CHUNK_BYTES, 4096);
  private static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));

  /** A store whose disk is full, also for the removal of what was written. */
  private static final class FullStore implements ForwardingStore {
    private final MemoryStore store = new MemoryStore(7);
    private boolean full = true;

    @Override
    public Store delegate() {
      return store;
    }

    @Override
    public Upload upload() {
      Upload upload = store.upload();
      return new Upload() {
        @Override
        public void write(Bytes chunk) {
          requireRoom();
          upload.write(chunk);
        }

        @Override
        public Value finish() {
          return upload.finish();
        }

        @Override
        public void close() {
          requireRoom();
        }
      };
    }

    private void requireRoom() {
      if (full) {
        throw new StorageFullException("the disk is full", new IOException());
      }
    }

    @Override
    public void commit(List<Change> changes) {
      store.commit(changes);
    }
  }

  private final FullStore store = new FullStore();
  private final ArrivingValues arriving = new ArrivingValues(store, LIMITS, _ -> true);

  private Value take(byte[] bytes) throws IOException {
    var large = new MessageReader.Large(NAMESPACE, new Version(5), bytes.length, 0);
    return arriving.receive(large, new ByteArrayInputStream(bytes));
  }

  @Test
  void aValueThatAFullDiskRefusesBeginsAnew() throws IOException {
    byte[] bytes = new byte[10_000];
    assertThatThrownBy(() -> take(bytes)).isInstanceOf(StorageFullException.class);
    assertThat(arriving.received(7)).isEqualTo(Source.ReceivedPart.NOTHING);

    store.full = false;
    assertThat(take(bytes).bytes()).isEqualTo(Bytes.copyOf(bytes));
  }
}
