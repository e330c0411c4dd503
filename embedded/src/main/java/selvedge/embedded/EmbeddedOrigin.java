package selvedge.embedded;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import selvedge.engine.Engine;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.namespace.DefaultAccount;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;

/**
 * The store in a directory of this process. Safe for use by many threads.
 *
 * <p>A server can be started on the same directory after {@link #close}. Then every namespace and
 * watch throws a {@link selvedge.model.ClosedException}.
 */
public final class EmbeddedOrigin implements Selvedge {
  private static final int ID_BYTES = 16;

  private final Engine<Origin> engine;
  private final Selvedge titled;
  private final OpenState state;

  private EmbeddedOrigin(Engine<Origin> engine, Selvedge titled, OpenState state) {
    this.engine = engine;
    this.titled = titled;
    this.state = state;
  }

  /**
   * Opens the store in a directory, and creates it if there is none.
   *
   * @param directory a directory that no other process has open
   * @param options limits, clock and patience
   * @return the open store, which the caller must close
   * @throws selvedge.model.StoreUnusableException if the directory is in use or holds something
   *     else
   * @throws selvedge.model.StoreDamagedException if the files are damaged
   * @throws InvalidRequestException if the directory belongs to an edge
   */
  public static EmbeddedOrigin open(Path directory, EmbeddedOptions options) {
    Optional<String> edge = new EdgeFile(directory).read();
    if (edge.isPresent()) {
      throw new InvalidRequestException(
          directory + " belongs to an edge of " + edge.get() + ": open it with that origin");
    }
    Engine<Origin> engine = Engine.origin(options.engine(directory), Meter.NONE);
    byte[] id = new byte[ID_BYTES];
    options.random().nextBytes(id);
    AccountId home =
        DefaultAccount.storeIfAbsent(
            engine.role().system(), new AccountId(HexFormat.of().formatHex(id)));
    var state = OpenState.ofOrigin(options.limits(), options.patience());
    return new EmbeddedOrigin(engine, Selvedge.of(engine.role(), home), state);
  }

  @Override
  public Namespace namespace(String title) {
    return state.write(() -> new EmbeddedNamespace(titled.namespace(title), state));
  }

  @Override
  public List<String> titles() {
    return state.call(titled::titles);
  }

  @Override
  public Namespace create(String title) {
    return state.write(() -> new EmbeddedNamespace(titled.create(title), state));
  }

  @Override
  public void rename(String title, String newTitle) {
    state.write(
        () -> {
          titled.rename(title, newTitle);
          return title;
        });
  }

  @Override
  public void delete(String title) {
    state.write(
        () -> {
          titled.delete(title);
          return title;
        });
  }

  @Override
  public void close() {
    state.close();
    engine.close();
  }
}
