package selvedge.spring.session;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Answers 503 if a session could not be read or written. Safe for use by many threads. */
public final class SelvedgeFailureFilter implements Filter, Ordered {
  private static final Log LOG = LogFactory.getLog(SelvedgeFailureFilter.class);

  /** Creates the filter. */
  public SelvedgeFailureFilter() {}

  /** The order directly before the filter that reads and writes sessions. */
  @Override
  public int getOrder() {
    return SessionRepositoryFilter.DEFAULT_ORDER - 1;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (RuntimeException | ServletException e) {
      SessionStoreException failure = failure(e);
      if (failure == null
          || response.isCommitted()
          || !(response instanceof HttpServletResponse http)) {
        throw e;
      }
      LOG.warn("answered 503: " + failure.getMessage());
      http.reset();
      http.setHeader("Retry-After", "1");
      http.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      http.setContentType("text/plain;charset=UTF-8");
      http.getWriter().println("The session store does not answer. Try again later.");
    }
  }

  private static @Nullable SessionStoreException failure(Throwable thrown) {
    Throwable next = thrown;
    while (next != null && !(next instanceof SessionStoreException)) {
      next = next.getCause();
    }
    return (SessionStoreException) next;
  }
}
