package selvedge.benchmarks.race;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** A connection that streams large values without holding them in memory. Belongs to one thread. */
final class Connection implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d+)");
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final int BUFFER_BYTES = 64 << 10;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final String path;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  Connection(URI address) throws IOException {
    this.socket = new Socket(address.getHost(), address.getPort());
    socket.setTcpNoDelay(true);
    this.out = socket.getOutputStream();
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    this.path = address.getPath();
  }

  /** Reads the value at the address and fails if it is not the expected one. */
  void get(LargeValue expected) throws IOException {
    send("GET", "");
    long length = answer();
    var crc = new CRC32C();
    for (long left = length; left > 0; ) {
      int some = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (some < 0) {
        throw new EOFException(path + " is " + left + " bytes too short");
      }
      crc.update(buffer, 0, some);
      left -= some;
    }
    if (length != LargeValue.BYTES || crc.getValue() != expected.checksum()) {
      throw new IOException(path + " is not the expected value: " + length + " bytes");
    }
  }

  void put(LargeValue value) throws IOException {
    send("PUT", "Content-Length: " + LargeValue.BYTES + "\r\n");
    value.writeTo(out);
    in.skipNBytes(answer());
  }

  private void send(String method, String header) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: race\r\nAuthorization: Bearer "
            + SelvedgeServer.TOKEN
            + "\r\n"
            + header
            + "\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads the head of a response and returns the length of its body. */
  private long answer() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int each = in.read();
      if (each < 0) {
        throw new EOFException(path + " has an incomplete response: " + head);
      }
      head.append((char) each);
    }
    Matcher status = STATUS.matcher(head);
    Matcher length = LENGTH.matcher(head);
    if (!status.find() || !status.group(1).equals("200") || !length.find()) {
      throw new IOException(path + " has the response " + head);
    }
    return Long.parseLong(length.group(1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
