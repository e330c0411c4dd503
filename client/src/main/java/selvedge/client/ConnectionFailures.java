package selvedge.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** The failures of a connection after which no request was sent. */
final class ConnectionFailures {
  private ConnectionFailures() {}

  /** Returns whether the connection was not established, so that no request was sent. */
  static boolean isUnsent(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof HttpConnectTimeoutException
        || isTls(failure);
  }

  /** Returns whether the TLS handshake failed, so that no request was sent. */
  static boolean isTls(@Nullable Throwable failure) {
    if (failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException) {
      return true;
    }
    if (failure instanceof SSLException) {
      return String.valueOf(failure.getMessage()).contains("nrecognized SSL message");
    }
    return failure instanceof IOException && isTls(failure.getCause());
  }
}
