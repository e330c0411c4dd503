package selvedge.embedded;

import java.net.URI;
import java.nio.file.Path;
import selvedge.model.Selvedge;

/** Provides {@link Selvedge#open}. The service loader creates it. */
public final class Opener implements Selvedge.StoreProvider {

  /** Creates the provider. */
  public Opener() {}

  @Override
  public Selvedge open(Path directory) {
    return EmbeddedOrigin.open(directory, EmbeddedOptions.usual());
  }

  @Override
  public Selvedge open(Path directory, URI origin) {
    return EmbeddedEdge.open(directory, origin, EmbeddedOptions.usual());
  }

  @Override
  public Selvedge open(Path directory, URI origin, String token) {
    return EmbeddedEdge.open(directory, origin, EmbeddedOptions.usual().token(token));
  }
}
