package selvedge.spring.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.support.SessionFlashMapManager;

/**
 * Reads the attributes of a redirect from the session, as Spring MVC does before every request. If
 * the session cannot be read, the request continues without them: a handler that needs no session
 * must not depend on its store. It has no state.
 */
public final class SelvedgeFlashMaps extends SessionFlashMapManager {

  /** Creates the manager. */
  public SelvedgeFlashMaps() {}

  @Override
  protected @Nullable List<FlashMap> retrieveFlashMaps(HttpServletRequest request) {
    try {
      return super.retrieveFlashMaps(request);
    } catch (SessionStoreException e) {
      return null;
    }
  }
}
