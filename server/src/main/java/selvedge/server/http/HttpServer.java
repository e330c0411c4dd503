package selvedge.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.StoreUnusableException;
import selvedge.server.api.Api;

/**
 * Listens on a port and serves HTTP on its connections. One thread starts, drains and closes it,
 * once.
 */
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The part of the time for draining after which idle connections are closed. */
  private static final int IDLE_PART = 100;

  private static final int OUTPUT_LOW_BYTES = 64 * 1024;
  private static final int OUTPUT_HIGH_BYTES = 256 * 1024;
  private static final String FULL =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
          + "Content-Length: 0\r\n\r\n";

  private final InetSocketAddress address;
  private final @Nullable TlsFiles tls;
  private final Limits limits;
  private final HttpMeter meter;
  private final ServerContext shared;
  private final Protocols protocols;
  private final Transport transport;
  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Connections connectionLimit;
  private @Nullable Channel listening;

  public HttpServer(
      InetSocketAddress address,
      Optional<TlsFiles> tls,
      Transport transport,
      int loops,
      Limits limits,
      InstantSource clock,
      Api api,
      HttpMeter meter) {
    this.address = address;
    this.tls = tls.orElse(null);
    this.limits = limits;
    this.meter = meter;
    this.shared = new ServerContext(api, limits, meter, new ResponseHeads(new HttpDate(clock)));
    this.protocols = new Protocols(shared);
    this.connectionLimit = new Connections(limits.get(Limit.CONNECTIONS));
    this.transport = transport;
    this.loops = transport.loops(loops);
  }

  /**
   * Starts to listen and returns the address. For port 0 the operating system has chosen the port.
   */
  public InetSocketAddress start() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(OUTPUT_LOW_BYTES, OUTPUT_HIGH_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    accept(connection);
                  }
                });
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new StoreUnusableException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + bound.cause().getMessage());
    }
    listening = bound.channel();
    return (InetSocketAddress) listening.localAddress();
  }

  private void accept(Channel connection) {
    if (!connectionLimit.add(connection)) {
      turnAway(connection);
      return;
    }
    connections.add(connection);
    meter.connections(1);
    connection.closeFuture().addListener(_ -> meter.connections(-1));
    connection.pipeline().addLast(new PortDetector(protocols, tls));
  }

  private void turnAway(Channel connection) {
    ByteBuf answer =
        tls == null
            ? Unpooled.copiedBuffer(FULL, StandardCharsets.US_ASCII)
            : Unpooled.EMPTY_BUFFER;
    connection
        .eventLoop()
        .execute(() -> connection.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE));
  }

  /**
   * Stops accepting connections and waits up to {@code DRAIN_SECONDS} for requests in flight. A
   * request that arrives on an idle connection soon after the start is answered, and its answer
   * ends the connection. If the connection were reset instead, its client could not know the
   * outcome.
   */
  public void drain() {
    shared.drain();
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    Duration most = limits.seconds(Limit.DRAIN_SECONDS);
    for (Channel connection : connections) {
      connection.eventLoop().execute(() -> drain(connection, most.dividedBy(IDLE_PART)));
    }
    long deadline = System.nanoTime() + most.toNanos();
    while (!connections.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /**
   * Checks the token of each request in flight again and ends those that are no longer admitted.
   */
  public void readmit() {
    loops.forEach(loop -> loop.execute(() -> shared.loop().readmit()));
  }

  /** Drains a connection. Closing an HTTP/2 connection sends GOAWAY and waits for its streams. */
  private static void drain(Channel connection, Duration idle) {
    var handler = connection.pipeline().get(ConnectionHandler.class);
    if (handler != null) {
      ChannelHandlerContext context = connection.pipeline().context(handler);
      connection
          .eventLoop()
          .schedule(() -> handler.drain(context), idle.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      connection.close();
    }
  }

  public boolean isDraining() {
    return shared.draining();
  }

  @Override
  public void close() {
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
