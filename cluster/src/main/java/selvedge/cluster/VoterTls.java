package selvedge.cluster;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.jspecify.annotations.Nullable;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;
import selvedge.server.config.Voting;
import selvedge.server.tls.WatchedFiles;

/**
 * TLS between voters, in both directions. A peer must present a certificate of the cluster's
 * authority for the name of a voter, so the certificate of an edge opens no port of a voter. Any
 * such name is accepted: a voter that was away must accept one that joined meanwhile.
 *
 * <p>The files are read again while the server runs; new connections use them. One thread
 * refreshes; any thread may connect.
 */
final class VoterTls {
  /** The end of the DNS name in the certificate of a voter, behind the name of the voter. */
  static final String NAME_END = ".voter.selvedge";

  private static final int DNS_NAME = 2;
  private static final String ALIAS = "voter";

  private final WatchedFiles<Content> files;

  /** The content of the files. */
  private record Content(List<X509Certificate> authorities, Identity identity) {
    X509TrustManager trust() throws CertificateException {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
          store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
      } catch (GeneralSecurityException | IOException e) {
        throw new CertificateException("the authority of the cluster cannot be used", e);
      }
    }
  }

  private VoterTls(Voting voting) {
    this.files =
        new WatchedFiles<>(
            "certificates of the voter",
            () ->
                new Content(
                    Trust.certificates(Path.of(voting.authorities())),
                    Identity.read(Path.of(voting.certificate()), Path.of(voting.key()))),
            content -> {});
    String own = voting.node() + NAME_END;
    if (!dnsNames(files.current().identity().chain().getFirst()).contains(own)) {
      throw new InvalidRequestException(voting.certificate() + " must be for the DNS name " + own);
    }
  }

  /** Reads the files; returns null for voters without certificates. */
  static @Nullable VoterTls of(Voting voting) {
    return voting.certificate().isEmpty() ? null : new VoterTls(voting);
  }

  /** Reads the files again. */
  void refresh() {
    files.refresh();
  }

  /** Returns the parameters of Ratis: the same TLS for servers, clients and administrators. */
  Parameters parameters() {
    var tls = new GrpcTlsConfig((KeyManager) new OwnCertificate(), new VoterTrust(), true);
    var parameters = new Parameters();
    GrpcConfigKeys.Server.setTlsConf(parameters, tls);
    GrpcConfigKeys.Client.setTlsConf(parameters, tls);
    GrpcConfigKeys.Admin.setTlsConf(parameters, tls);
    return parameters;
  }

  /** Returns a context for connections without Ratis. */
  SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new OwnCertificate()}, new TrustManager[] {new VoterTrust()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static List<String> dnsNames(X509Certificate certificate) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      return all == null
          ? List.of()
          : all.stream()
              .filter(each -> each.getFirst() instanceof Integer kind && kind == DNS_NAME)
              .map(each -> String.valueOf(each.get(1)))
              .toList();
    } catch (CertificateException e) {
      return List.of();
    }
  }

  /** Presents the certificate of this voter, the newest one that was read. */
  private final class OwnCertificate extends X509ExtendedKeyManager {
    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return alias(type);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return alias(type);
    }

    private @Nullable String alias(String type) {
      String algorithm = files.current().identity().key().getAlgorithm();
      return type.equals(algorithm) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return files.current().identity().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return files.current().identity().key();
    }
  }

  /** Accepts certificates of the authority for the name of a voter. */
  private final class VoterTrust extends X509ExtendedTrustManager {
    private void require(X509Certificate[] chain) throws CertificateException {
      List<String> found = dnsNames(chain[0]);
      if (found.stream().noneMatch(name -> name.endsWith(NAME_END))) {
        throw new CertificateException(
            "the certificate is for " + found + ", and must be for a voter, NAME" + NAME_END);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      files.current().trust().checkClientTrusted(chain, type);
      require(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      files.current().trust().checkServerTrusted(chain, type);
      require(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return files.current().authorities().toArray(X509Certificate[]::new);
    }
  }
}
