package selvedge.server.access;

import java.util.Optional;
import selvedge.model.NamespaceId;

/**
 * What a client calls a namespace.
 *
 * @param id if the text is one; it may be a title all the same
 */
public record IdOrTitle(String text, Optional<NamespaceId> id) {

  public static IdOrTitle of(String text) {
    return new IdOrTitle(
        text,
        NamespaceId.isWellFormed(text) ? Optional.of(new NamespaceId(text)) : Optional.empty());
  }
}
