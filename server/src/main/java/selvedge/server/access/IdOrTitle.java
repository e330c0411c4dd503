package selvedge.server.access;

import java.util.Optional;
import selvedge.model.NamespaceId;

/**
 * The id or the title that a client identifies a namespace with.
 *
 * @param id the text as an id, if it has the form of one; such a text may also be a title
 */
public record IdOrTitle(String text, Optional<NamespaceId> id) {

  public static IdOrTitle of(String text) {
    return new IdOrTitle(
        text,
        NamespaceId.isWellFormed(text) ? Optional.of(new NamespaceId(text)) : Optional.empty());
  }
}
