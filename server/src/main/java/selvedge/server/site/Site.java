package selvedge.server.site;

import java.util.List;
import selvedge.engine.Engine;
import selvedge.engine.namespace.StoreRole;
import selvedge.model.AccountId;
import selvedge.server.access.TokenGate;
import selvedge.server.access.Tokens;
import selvedge.server.api.Api;

/**
 * Everything behind the socket: an engine and the protocols over it. Closed once.
 *
 * @param account of callers that name none
 * @param closing the steps of the close, in this order
 */
public record Site(
    Engine<? extends StoreRole> engine,
    AccountId account,
    Tokens tokens,
    TokenGate gate,
    Api api,
    List<Runnable> closing)
    implements AutoCloseable {

  public StoreRole role() {
    return engine.role();
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
  }
}
