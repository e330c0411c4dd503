package selvedge.embedded;

import java.net.URI;
import java.nio.file.Path;
import selvedge.model.Selvedge;

/** Lets {@link Selvedge#open} find this module. */
public final class Opener implements Selvedge.Embedding {
  @Override
  public Selvedge open(Path directory) {
    return EmbeddedOrigin.open(directory, EmbeddedOptions.usual());
  }

  @Override
  public Selvedge open(Path directory, URI origin, String token) {
    return EmbeddedEdge.open(directory, origin, token, EmbeddedOptions.usual());
  }
}
