package selvedge.benchmarks.race;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lower bound of an HTTP server: finds the end of each request and writes a prepared response,
 * on one event loop.
 */
final class BareNetty {
  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private BareNetty() {}

  /** Starts the server. The argument is the file with the body; the port is printed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    byte[] body = Files.readAllBytes(Path.of(arguments[0]));
    String head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    ByteBuf answer =
        Unpooled.unreleasableBuffer(
            Unpooled.directBuffer()
                .writeBytes(head.getBytes(StandardCharsets.US_ASCII))
                .writeBytes(body));
    var server =
        new ServerBootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
            .channel(EpollServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new Answering(answer));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    System.out.println("listening on " + ((InetSocketAddress) server.localAddress()).getPort());
    server.closeFuture().sync();
  }

  /** Counts the ends of requests. On loopback an end is never split between two reads. */
  private static final class Answering extends ChannelInboundHandlerAdapter {
    private final ByteBuf answer;

    Answering(ByteBuf answer) {
      this.answer = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      for (int i = in.readerIndex(); i + END.length <= in.writerIndex(); i++) {
        if (in.getByte(i) == '\r' && in.getInt(i) == 0x0d0a0d0a) {
          context.write(answer.duplicate());
        }
      }
      in.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }
}
