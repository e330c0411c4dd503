package selvedge.client;

import java.net.URI;
import selvedge.model.Selvedge;

/** Provides {@link Selvedge#connect}. The service loader creates it. */
public final class Connector implements Selvedge.ClientProvider {

  /** Creates the provider. */
  public Connector() {}

  @Override
  public Selvedge connect(URI server) {
    return Client.of(ClientOptions.of(server));
  }

  @Override
  public Selvedge connect(URI server, String token) {
    return Client.of(ClientOptions.of(server).token(token));
  }
}
