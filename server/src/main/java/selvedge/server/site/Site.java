package selvedge.server.site;

import java.util.List;
import selvedge.engine.Engine;
import selvedge.engine.namespace.StoreRole;
import selvedge.model.AccountId;
import selvedge.server.access.TokenGate;
import selvedge.server.access.Tokens;
import selvedge.server.api.Api;

/**
 * Everything behind the socket: a store, who keeps it, and the faces on it. Closed once.
 *
 * @param home the account of callers that name none
 * @param closing what is to be done at the end, in this order
 */
public record Site(
    Engine<? extends StoreRole> engine,
    AccountId home,
    Tokens tokens,
    TokenGate gate,
    Api api,
    List<Runnable> closing)
    implements AutoCloseable {

  public StoreRole keeper() {
    return engine.role();
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
  }
}
