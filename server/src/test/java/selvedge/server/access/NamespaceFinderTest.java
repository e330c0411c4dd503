package selvedge.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import selvedge.model.AccountId;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.Namespaces;
import selvedge.model.Profile;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

/** The lookup of a namespace, which the event loop does for each request. */
final class NamespaceFinderTest {
  private static final AccountId ACCOUNT = new AccountId("a".repeat(32));

  private final Namespaces memory =
      new MemoryNamespaces(new SettableClock(Instant.EPOCH), Limits.of(Profile.OPEN));
  private final NamespaceInfo config = memory.create(ACCOUNT, "config");
  private final NamespaceFinder finder = new NamespaceFinder(new Unlisted(memory), ACCOUNT);
  private final Caller caller = new OpenCaller(true);

  /** Namespaces that can be found, but neither listed nor opened nor changed. */
  private record Unlisted(Namespaces namespaces) implements Namespaces {
    @Override
    public Optional<NamespaceInfo> find(NamespaceId id) {
      return namespaces.find(id);
    }

    @Override
    public Optional<NamespaceInfo> find(AccountId account, String title) {
      return namespaces.find(account, title);
    }

    @Override
    public List<NamespaceInfo> list(AccountId account) {
      throw new AssertionError("a scan of all namespaces");
    }

    @Override
    public List<AccountId> accounts() {
      throw new AssertionError("a scan of all accounts");
    }

    @Override
    public NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
      throw new AssertionError("a write");
    }

    @Override
    public NamespaceInfo rename(NamespaceId id, String title) {
      throw new AssertionError("a write");
    }

    @Override
    public void delete(NamespaceId id) {
      throw new AssertionError("a write");
    }

    @Override
    public Namespace open(NamespaceId id) {
      throw new AssertionError("a read of the store");
    }
  }

  @Test
  void findsATitleWithoutAScanOfTheNamespaces() {
    assertThat(finder.find(caller, IdOrTitle.of("config"))).contains(config);
    assertThat(finder.find(caller, ACCOUNT, IdOrTitle.of("config"))).contains(config);
    assertThat(finder.find(caller, IdOrTitle.of("missing"))).isEmpty();
    assertThat(finder.find(caller, ACCOUNT, IdOrTitle.of("missing"))).isEmpty();
  }

  @Test
  void findsAnIdInTheRequestedAccountOnly() {
    IdOrTitle id = IdOrTitle.of(config.id().hex());

    assertThat(finder.find(caller, id)).contains(config);
    assertThat(finder.find(caller, new AccountId("b".repeat(32)), id)).isEmpty();
  }
}
