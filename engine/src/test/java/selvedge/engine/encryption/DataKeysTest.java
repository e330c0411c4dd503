package selvedge.engine.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.StoreUnusableException;

/** Data keys encrypt, are drawn anew and are wrapped, and no nonce is used twice. */
final class DataKeysTest {
  private static final byte[] CONTEXT = {1, 2, 3};
  private static final int HEADER_BYTES = Integer.BYTES + Long.BYTES;

  private final MasterKeys masters = MasterKeys.text(AesMasterKey.generate(), "the test");
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("encryption");
  }

  /** Ends a key after so few bytes that there are many. */
  private DataKeys open(long bytesMax) {
    return DataKeys.open(file(), masters, bytesMax);
  }

  @Test
  void usesNoNonceTwiceHoweverOftenItIsOpenedAndByHoweverManyThreads() throws Exception {
    DataKeys.create(file(), masters, false);
    Set<Bytes> nonces = ConcurrentHashMap.newKeySet();
    int openings = 3;
    int threads = 4;
    int texts = 100;
    for (int opening = 0; opening < openings; opening++) {
      DataKeys keys = open(2000);
      try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
        for (int thread = 0; thread < threads; thread++) {
          var _ =
              executor.submit(
                  () -> {
                    for (int i = 0; i < texts; i++) {
                      byte[] sealed = keys.encrypt(new byte[i % 100], CONTEXT);
                      nonces.add(Bytes.copyOf(sealed, 0, HEADER_BYTES));
                    }
                  });
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      }
    }

    assertThat(nonces).hasSize(openings * threads * texts);
    assertThat(nonces.stream().map(each -> each.slice(0, Integer.BYTES)).distinct().count())
        .as("keys drawn")
        .isGreaterThan(openings * threads * texts * 50 / 2000);
  }

  /** A restored backup and the store that it is of both go on from the same file. */
  @Test
  void drawsDifferentKeysInTwoCopies() throws Exception {
    DataKeys.create(file(), masters, false);
    Path copy = directory.resolve("copy");
    Files.copy(file(), copy);
    byte[] text = new byte[64];

    byte[] here = DataKeys.open(file(), masters).encrypt(text, CONTEXT);
    byte[] there = DataKeys.open(copy, masters).encrypt(text, CONTEXT);

    assertThat(Arrays.copyOf(here, HEADER_BYTES)).isEqualTo(Arrays.copyOf(there, HEADER_BYTES));
    assertThat(here).isNotEqualTo(there);
    assertThatThrownBy(() -> DataKeys.open(copy, masters).decrypt(here, CONTEXT))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void decryptsWhatEarlierOpeningsEncrypted() throws Exception {
    byte[] text = "text".getBytes(StandardCharsets.US_ASCII);
    byte[] first = DataKeys.create(file(), masters, false).encrypt(text, CONTEXT);
    byte[] second = open(1000).encrypt(text, CONTEXT);

    DataKeys keys = open(1000);

    assertThat(keys.decrypt(first, CONTEXT)).isEqualTo(text);
    assertThat(keys.decrypt(second, CONTEXT)).isEqualTo(text);
    assertThat(DataKeys.number(second)).isGreaterThan(DataKeys.number(first));
  }

  @Test
  void refusesEachChangedByteAndAnotherContext() {
    DataKeys keys = DataKeys.create(file(), masters, false);
    byte[] sealed = keys.encrypt(new byte[20], CONTEXT);

    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> keys.decrypt(changed, CONTEXT))
          .as("byte %d", i)
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(() -> keys.decrypt(sealed, new byte[] {1, 2}))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> keys.decrypt(Arrays.copyOf(sealed, 8), CONTEXT))
        .isInstanceOf(GeneralSecurityException.class);
  }

  /** Another store under the same master key has other associated data. */
  @Test
  void refusesWhatAnotherStoreEncrypted() {
    DataKeys keys = DataKeys.create(file(), masters, false);
    DataKeys other = DataKeys.create(directory.resolve("other"), masters, false);

    assertThatThrownBy(() -> other.decrypt(keys.encrypt(new byte[20], CONTEXT), CONTEXT))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void goesOnWithoutTheKeyFileUntilItIsOpenedAgain() throws IOException {
    Path keyFile = directory.resolve("key");
    Files.writeString(keyFile, "# of the test\n" + AesMasterKey.generate() + "\n");
    MasterKeys fromFile = MasterKeys.file(keyFile);
    DataKeys.create(file(), fromFile, false);
    DataKeys keys = DataKeys.open(file(), fromFile, 100);
    Files.delete(keyFile);

    for (int i = 0; i < 5; i++) {
      assertThat(DataKeys.number(keys.encrypt(new byte[50], CONTEXT))).isEqualTo(2 + i);
    }
  }

  /** Another system of keys is an implementation of one interface. */
  @Test
  void takesMasterKeysOfAService() throws Exception {
    var service = new RemoteKey();
    MasterKeys remote = MasterKeys.of(List.of(service), "the service");
    byte[] sealed = DataKeys.create(file(), remote, false).encrypt(new byte[5], CONTEXT);

    assertThat(DataKeys.open(file(), remote).decrypt(sealed, CONTEXT)).isEqualTo(new byte[5]);
    assertThat(service.calls).isPositive();
    service.refuses = true;
    DataKeys keys = DataKeys.open(file(), MasterKeys.of(List.of(service.inner, service), "both"));
    assertThat(keys.masterId()).isEqualTo(service.inner.id());
    assertThat(keys.decrypt(sealed, CONTEXT)).isEqualTo(new byte[5]);
    assertThatThrownBy(() -> DataKeys.open(file(), remote))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining(service.inner.id())
        .hasMessageContaining("the service has only " + service.id());
  }

  @Test
  void goesOnUnderItsDataKeyWhileTheServiceCannotBeReached() throws Exception {
    var service = new RemoteKey();
    MasterKeys remote = MasterKeys.of(List.of(service), "the service");
    DataKeys.create(file(), remote, false);
    DataKeys keys = DataKeys.open(file(), remote, 1000);
    int first = DataKeys.number(keys.encrypt(new byte[50], CONTEXT));
    service.unreachable = true;
    Set<Bytes> nonces = ConcurrentHashMap.newKeySet();

    for (int i = 0; i < 100; i++) {
      byte[] sealed = keys.encrypt(new byte[50], CONTEXT);
      assertThat(DataKeys.number(sealed)).isEqualTo(first);
      nonces.add(Bytes.copyOf(sealed, 0, HEADER_BYTES));
    }

    assertThat(nonces).hasSize(100);
    assertThat(keys.trouble().orElse("")).contains(service.id()).contains("connection refused");
    service.unreachable = false;
    for (int i = 0; i < 100; i++) {
      keys.encrypt(new byte[50], CONTEXT);
    }
    assertThat(DataKeys.number(keys.encrypt(new byte[50], CONTEXT))).isGreaterThan(first);
    assertThat(keys.trouble()).isEmpty();
  }

  @Test
  void aServiceThatCannotBeReachedAtTheStartIsNoDamage() {
    var service = new RemoteKey();
    MasterKeys remote = MasterKeys.of(List.of(service), "the service");
    DataKeys.create(file(), remote, false);
    service.unreachable = true;

    assertThatThrownBy(() -> DataKeys.open(file(), remote))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining(service.id())
        .hasMessageContaining("cannot be reached: connection refused");
  }

  /** Stands for a key management service: it wraps under a key that never leaves it. */
  private static final class RemoteKey implements MasterKey {
    private final MasterKey inner = new AesMasterKey(Bytes.adopt(new byte[32]));
    private int calls;
    private boolean refuses;
    private boolean unreachable;

    @Override
    public String id() {
      return "arn:aws:kms:eu-central-1:1:key/4";
    }

    @Override
    public Bytes wrap(Bytes dataKey, Bytes context) throws GeneralSecurityException, IOException {
      if (refuses) {
        throw new GeneralSecurityException("access denied");
      }
      if (unreachable) {
        throw new IOException("connection refused");
      }
      calls++;
      return inner.wrap(dataKey, context);
    }

    @Override
    public Bytes unwrap(Bytes wrapped, Bytes context) throws GeneralSecurityException, IOException {
      calls++;
      if (unreachable) {
        throw new IOException("connection refused");
      }
      return inner.unwrap(wrapped, context);
    }
  }
}
