package selvedge.model.tls;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/**
 * The authorities that outgoing TLS connections trust, and the certificate that they present.
 *
 * <p>All outgoing TLS connections are created here, so that each one compares the name or IP
 * address of the server with its certificate. Immutable and safe to share between threads.
 */
public final class Trust {
  private static final String VARIABLE = "SELVEDGE_CA";
  private static final String CERTIFICATE = "SELVEDGE_CLIENT_CERT";
  private static final String KEY = "SELVEDGE_CLIENT_KEY";
  private static final char[] NO_PASSWORD = new char[0];

  /** Marks a trust whose managers are inside its context. */
  private static final TrustManager[] NO_MANAGERS = {};

  private final TrustManager @Nullable [] authorities;
  private final SSLContext context;

  private Trust(TrustManager @Nullable [] authorities, @Nullable Identity identity) {
    this.authorities = authorities;
    try {
      if (authorities == null && identity == null) {
        this.context = SSLContext.getDefault();
      } else {
        this.context = SSLContext.getInstance("TLS");
        context.init(identity == null ? null : keys(identity), authorities, null);
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidRequestException("TLS cannot be set up: " + e);
    }
  }

  private Trust(SSLContext context) {
    this.authorities = NO_MANAGERS;
    this.context = context;
  }

  /**
   * Returns the default trust: the authorities in the file that the environment variable {@code
   * SELVEDGE_CA} names, or those of the JVM if the variable is not set. It presents the certificate
   * in the files that {@code SELVEDGE_CLIENT_CERT} and {@code SELVEDGE_CLIENT_KEY} name, if both
   * are set.
   *
   * @return the trust
   * @throws InvalidRequestException if a file cannot be used
   */
  public static Trust usual() {
    String file = variable(VARIABLE);
    Trust trust = file.isEmpty() ? new Trust(null, null) : of(Path.of(file));
    String certificate = variable(CERTIFICATE);
    String key = variable(KEY);
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new InvalidRequestException(CERTIFICATE + " and " + KEY + " must be set together");
    }
    return certificate.isEmpty()
        ? trust
        : trust.presenting(Identity.read(Path.of(certificate), Path.of(key)));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  /**
   * Returns a trust in the authorities of a PEM file, and in no others.
   *
   * @param authorities the file
   * @return the trust
   * @throws InvalidRequestException if the file has no certificates
   */
  public static Trust of(Path authorities) {
    return of(certificates(authorities));
  }

  /**
   * Returns a trust in some authorities, and in no others.
   *
   * @param authorities the certificates of the authorities
   * @return the trust
   */
  public static Trust of(List<X509Certificate> authorities) {
    return new Trust(managers(authorities), null);
  }

  /**
   * Returns the trust of a TLS context that the program has set up, which may also have a
   * certificate to present.
   *
   * @param context authorities and certificate
   * @return the trust
   */
  public static Trust of(SSLContext context) {
    return new Trust(context);
  }

  /**
   * Reads the certificates of a PEM file.
   *
   * @param file the file
   * @return its certificates, at least one
   * @throws InvalidRequestException if the file has no certificates
   */
  public static List<X509Certificate> certificates(Path file) {
    return Pem.certificates(file);
  }

  /**
   * Returns a trust in one certificate, independent of its names and its issuer.
   *
   * @param certificate the certificate in DER
   * @return the trust
   */
  public static Trust only(Bytes certificate) {
    try {
      var manager = new OneCertificate(Pem.certificate(certificate));
      return new Trust(new TrustManager[] {manager}, null);
    } catch (CertificateException e) {
      throw new InvalidRequestException("this is not a certificate: " + e.getMessage());
    }
  }

  /**
   * Returns the certificates of a PEM file as PEM texts.
   *
   * @param authorities the file
   * @return one text for each certificate
   * @throws InvalidRequestException if the file has no certificates
   */
  public static List<String> texts(Path authorities) {
    return Pem.certificates(authorities).stream().map(Pem::text).toList();
  }

  /** Returns the trust managers that accept certificates of these authorities. */
  private static TrustManager[] managers(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidRequestException("the authorities cannot be used: " + e);
    }
  }

  private static KeyManager[] keys(Identity identity) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /**
   * Returns a copy that presents a certificate to servers that request one.
   *
   * @param identity the certificate and its key
   * @return the changed copy
   * @throws InvalidRequestException if this trust is that of a TLS context
   */
  public Trust presenting(Identity identity) {
    if (authorities != null && authorities.length == 0) {
      throw new InvalidRequestException(
          "a TLS context cannot get another certificate: add it to the context itself");
    }
    return new Trust(authorities, identity);
  }

  /**
   * Starts TLS on a connection and completes the handshake. Closing the returned socket closes the
   * connection.
   *
   * @param connected an open connection
   * @param host the name or IP address that the certificate must have
   * @param port the port of the server
   * @return the connection with TLS
   * @throws IOException if the certificate is not trusted or is that of another host
   */
  public Socket secure(Socket connected, String host, int port) throws IOException {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    var socket = (SSLSocket) context.getSocketFactory().createSocket(connected, bare, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /**
   * Returns a builder of HTTP clients, which compare hosts and certificates themselves.
   *
   * @return a new builder with this trust
   */
  public HttpClient.Builder http() {
    return HttpClient.newBuilder().sslContext(context);
  }
}
