package selvedge.client;

import java.net.URI;
import selvedge.model.Selvedge;

/** Lets {@link Selvedge#connect} find this client. */
public final class Connector implements Selvedge.Connecting {
  @Override
  public Selvedge connect(URI server, String token) {
    return Client.of(ClientOptions.of(server).token(token));
  }
}
