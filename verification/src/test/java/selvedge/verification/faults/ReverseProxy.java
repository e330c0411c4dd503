package selvedge.verification.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import selvedge.verification.process.Polling;

/** nginx in front of one server, with a single kept-alive connection to it. */
record ReverseProxy(Process process, InetSocketAddress address) implements AutoCloseable {
  static ReverseProxy start(Path folder, InetSocketAddress server) throws Exception {
    int port = freePort();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(folder, server.getPort(), port));
    List<String> command =
        List.of("nginx", "-p", folder.toString(), "-c", configuration.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("nginx.log").toFile());
    builder.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var proxy = new ReverseProxy(builder.start(), address);
    Polling.await("nginx on port " + port, proxy::listens);
    return proxy;
  }

  private static String configuration(Path folder, int server, int port) {
    return """
    daemon off;
    master_process off;
    pid %1$s/pid;
    error_log %1$s/error.log;
    events {}
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      upstream selvedge { server 127.0.0.1:%2$d; keepalive 1; }
      server {
        listen 127.0.0.1:%3$d;
        location / {
          proxy_pass http://selvedge;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_request_buffering off;
        }
      }
    }
    """
        .formatted(folder, server, port);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
