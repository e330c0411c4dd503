package selvedge.verification.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Accepts TLS connections with a certificate and records the first bytes of the first client inside
 * TLS. They are empty if the client aborts the handshake. Each request is answered with 404.
 */
public final class Listener implements AutoCloseable {
  private static final byte[] ANSWER =
      "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
          .getBytes(StandardCharsets.US_ASCII);

  private final SSLServerSocket listening;
  private final CountDownLatch served = new CountDownLatch(1);
  private volatile String received = "";

  public Listener(Authority.Issued issued) {
    try {
      listening =
          (SSLServerSocket)
              context(issued)
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  private static SSLContext context(Authority.Issued issued) {
    try {
      char[] password = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("it", issued.key(), password, issued.chain().toArray(Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the address with a host name of this machine. */
  public URI uri(String host) {
    return URI.create("https://" + host + ":" + listening.getLocalPort());
  }

  /** Waits until a client has sent bytes or aborted the handshake. */
  public void await() throws InterruptedException {
    if (!served.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no client has connected");
    }
  }

  /** Waits for a client and returns the bytes of the first one. */
  public String received() throws InterruptedException {
    await();
    return received;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // The listener was closed.
        return;
      }
    }
  }

  private void serve(Socket client) {
    String text = "";
    try (client;
        InputStream in = client.getInputStream()) {
      byte[] piece = new byte[16 * 1024];
      int length = Math.max(0, in.read(piece));
      text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
      client.getOutputStream().write(ANSWER);
    } catch (IOException e) {
      // The client aborted the handshake. The bytes that it sent before are recorded.
      text = text.strip();
    } finally {
      if (served.getCount() > 0) {
        received = text;
      }
      served.countDown();
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
